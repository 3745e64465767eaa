import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { dataExchangeDetails } from '../support/examples.ts';
import { type Answer, field, startGateway } from '../support/gateway.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id type details { __typename } } userErrors { code } }
}`;
const board = '{ jobs(first: 50) { nodes { id } unavailableServices } }';

/** Longer than new jobs are missing from the lists of the emulator. */
const settledMs = 1_300;

interface Created {
  readonly job: { readonly id: string; readonly type: string };
}

test.each(['1', '2', '3', '4', '5'])(
  'with the seed %s a job of each kind is created, and each is on the board once',
  async (seed) => {
    const { ask, complaints } = await startGateway({ WAYBILL_EMULATOR_VARIETY: seed });
    const repeat = `WAYBILL_EMULATOR_VARIETY=${seed}; to repeat: npx vitest run test/variety -t "the seed ${seed} a job of each"`;
    const ids: string[] = [];
    for (const [type, details] of Object.entries(dataExchangeDetails)) {
      const { data, errors }: Answer = await ask(create, { input: { details } });
      expect(errors, `${type}, ${repeat}`).toBeUndefined();
      const { job } = field<Created>(data, 'createDataExchangeJob');
      expect(job.type, repeat).toBe(type);
      ids.push(job.id);
    }
    await sleep(settledMs);
    const { data, errors } = await ask(board);
    expect(errors, repeat).toBeUndefined();
    const { nodes, unavailableServices } = field<{ nodes: { id: string }[]; unavailableServices: string[] }>(
      data,
      'jobs',
    );
    expect(unavailableServices, repeat).toEqual([]);
    const listed = nodes.map(({ id }) => id).filter((id) => ids.includes(id));
    expect(listed.sort(), repeat).toEqual(ids.sort());
    expect(complaints, repeat).toEqual([]);
  },
);
