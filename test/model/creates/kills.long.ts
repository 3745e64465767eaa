/**
 * A gateway that is killed at random points again and again: it starts again, and no key has two jobs or revisions. Part of the long
 * run only.
 */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { type Answer, ask, field, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { Publisher } from '../../support/publisher.ts';

const rounds = 200;
const creates = {
  createDataExchangeJob: `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { made: job { id } userErrors { code } } }`,
  createImportExportJob: `mutation ($input: CreateImportExportJobInput!) {
    createImportExportJob(input: $input) { made: job { id } userErrors { code } } }`,
  createRevision: `mutation ($input: CreateRevisionInput!) {
    createRevision(input: $input) { made: revision { id } userErrors { code } } }`,
};
type Name = keyof typeof creates;

/** The number of keys: few of Import/Export, which takes fifty new jobs a day. */
const keyCounts: Readonly<Record<Name, number>> = {
  createDataExchangeJob: 50,
  createImportExportJob: 20,
  createRevision: 20,
};
const names = ['createDataExchangeJob', 'createImportExportJob', 'createRevision'] as const;
const inputs: Readonly<Record<Name, object>> = {
  createDataExchangeJob: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  createImportExportJob: { manifest: manifests.importToS3 },
  createRevision: { dataSetId: demo.dataSetId },
};
const operations = [
  'DataExchange.CreateJob',
  'ImportExport.CreateJob',
  'DataExchange.ListJobs',
  'DataExchange.CreateRevision',
];
const faults = [{ reset: true }, { reset: true, afterCommit: true }, { delayMs: 100, afterCommit: true }];

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('expected an item');
  return item;
}

function keyOf(name: Name, round: number): string {
  return `${name}-${round % keyCounts[name]}`.padStart(16, 'k');
}

function send(gateway: ChildGateway, name: Name, round: number): Promise<Answer | undefined> {
  const input = { idempotencyKey: keyOf(name, round), ...inputs[name] };
  return ask(gateway.url, creates[name], { input }).catch(() => undefined);
}

function idIn(answer: Answer | undefined, name: Name): string | undefined {
  const payload = answer?.data?.[name] as { readonly made: { readonly id: string } | null } | null | undefined;
  return payload?.made?.id;
}

test('a gateway that is killed at two hundred points starts again each time, and every key keeps its one job or revision', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const ids = new Map<string, string>();
  const note = (name: Name, round: number, id: string | undefined): void => {
    const key = keyOf(name, round);
    if (id === undefined) return;
    expect([key, id]).toEqual([key, ids.get(key) ?? id]);
    ids.set(key, id);
  };
  for (let round = 0; round < rounds; round += 1) {
    const gateway = await startChildGateway(env);
    await emulator.fail(pick(operations, round), pick(faults, round + Math.floor(round / 3)));
    const requests = names.flatMap((name) =>
      [round, round + 7].map(async (at) => note(name, at, idIn(await send(gateway, name, at), name))),
    );
    await new Promise((resolve) => {
      setTimeout(resolve, Math.random() * 400);
    });
    await gateway.die();
    await Promise.all(requests);
  }
  await emulator.heal();

  const last = await startChildGateway(env);
  for (const name of names) {
    for (let round = 0; round < keyCounts[name]; round += 1) {
      const answered = async () => idIn(await send(last, name, round), name);
      await expect.poll(answered, { timeout: 90_000, interval: 1_000 }).toBeDefined();
      note(name, round, await answered());
    }
  }
  expect(new Set(ids.values()).size).toBe(90);
  expect(await new Publisher(emulator).revisionIds()).toHaveLength(keyCounts.createRevision);
  const { data } = await ask(last.url, '{ jobs(first: 200) { nodes { id service } } }');
  const { nodes } = field<{ nodes: readonly { id: string; service: string }[] }>(data, 'jobs');
  const parcels = nodes.filter(({ service }) => service === 'IMPORT_EXPORT').map(({ id }) => id);
  const keysOfParcels = [...ids].filter(([key]) => key.includes('createImportExportJob'));
  expect(parcels.toSorted()).toEqual(keysOfParcels.map(([, id]) => id).toSorted());
}, 1_800_000);
