import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { type Answer, field, type TestGateway } from '../../support/gateway.ts';
import {
  createDataSet,
  createRevision,
  finalizeRevision,
  newDataSet,
  Publisher,
  revisionIdOf,
} from '../../support/publisher.ts';
import { settledMs } from './requests.ts';
import { seeded, startVaried } from './variety-gateway.ts';

interface Made {
  readonly dataSet?: { readonly awsDataSetId: string } | null;
  readonly revision?: { readonly awsRevisionId: string } | null;
}

/** Repeats the create until its outcome is known. */
async function insistently({ ask }: TestGateway, query: string, input: object): Promise<Answer> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const answer = await ask(query, { input });
    if (answer.errors === undefined) return answer;
    expect(answer.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryable: true } }]);
    await sleep(100);
  }
  throw new Error('expected the outcome of a lost create within 40 repeats, received none');
}

seeded(
  'a keyed data set and a keyed revision whose answers are lost are made once, and a revision is published',
  async (seed) => {
    const gateway = await startVaried(seed);
    const publisher = new Publisher(gateway.emulator);
    await gateway.emulator.fail('DataExchange.CreateDataSet', { reset: true, afterCommit: true });
    await gateway.emulator.fail('DataExchange.CreateRevision', { reset: true, afterCommit: true });
    const dataSet = await insistently(gateway, createDataSet, { ...newDataSet, idempotencyKey: 'variety-data-set-1' });
    const input = { dataSetId: demo.dataSetId, idempotencyKey: 'variety-revision-1' };
    const revision = await insistently(gateway, createRevision, input);
    await sleep(settledMs);
    const { awsRevisionId = '' } = field<Made>(revision.data, 'createRevision').revision ?? {};
    expect(await publisher.dataSetIds()).toEqual([field<Made>(dataSet.data, 'createDataSet').dataSet?.awsDataSetId]);
    expect(await publisher.revisionIds()).toEqual([awsRevisionId]);
    await gateway.emulator.move(await publisher.importJob(awsRevisionId), { state: 'COMPLETED' });
    const { data } = await gateway.ask(finalizeRevision, { id: revisionIdOf(awsRevisionId) });
    expect(data).toMatchObject({ finalizeRevision: { revision: { isFinalized: true }, userErrors: [] } });
    expect(gateway.complaints).toEqual([]);
  },
);
