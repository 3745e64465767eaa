/**
 * A gateway that is killed at random points again and again: it starts again, and no key has two jobs. Part of the long
 * run only.
 */
import { expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { type Answer, ask, field, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';

const rounds = 200;
const creates = {
  createDataExchangeJob: `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { job { id } userErrors { code } } }`,
  createImportExportJob: `mutation ($input: CreateImportExportJobInput!) {
    createImportExportJob(input: $input) { job { id } userErrors { code } } }`,
};
type Name = keyof typeof creates;
const operations = ['DataExchange.CreateJob', 'ImportExport.CreateJob', 'DataExchange.ListJobs'];
const faults = [{ reset: true }, { reset: true, afterCommit: true }, { delayMs: 100, afterCommit: true }];

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length];
  if (item === undefined) throw new Error('expected an item');
  return item;
}

/** Few keys of Import/Export, which takes fifty new jobs a day. */
function keyOf(name: Name, round: number): string {
  return `${name}-${name === 'createDataExchangeJob' ? round % 50 : round % 20}`;
}

function send(gateway: ChildGateway, name: Name, round: number): Promise<Answer | undefined> {
  const idempotencyKey = keyOf(name, round);
  const input =
    name === 'createDataExchangeJob'
      ? { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 }
      : { manifest: manifests.importToS3 };
  return ask(gateway.url, creates[name], { input: { idempotencyKey, ...input } }).catch(() => undefined);
}

function idIn(answer: Answer | undefined, name: Name): string | undefined {
  const payload = answer?.data?.[name] as { job: { id: string } | null } | null | undefined;
  return payload?.job?.id;
}

test('a gateway that is killed at two hundred points starts again each time, and every key keeps its one job', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  const jobIds = new Map<string, string>();
  const note = (name: Name, round: number, id: string | undefined): void => {
    const key = keyOf(name, round);
    if (id === undefined) return;
    expect([key, id]).toEqual([key, jobIds.get(key) ?? id]);
    jobIds.set(key, id);
  };
  for (let round = 0; round < rounds; round += 1) {
    const gateway = await startChildGateway(env);
    await emulator.fail(pick(operations, round), pick(faults, round + Math.floor(round / 3)));
    const requests = (['createDataExchangeJob', 'createImportExportJob'] as const).flatMap((name) =>
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
  for (const [name, count] of [
    ['createDataExchangeJob', 50],
    ['createImportExportJob', 20],
  ] as const) {
    for (let round = 0; round < count; round += 1) {
      const answered = async () => idIn(await send(last, name, round), name);
      await expect.poll(answered, { timeout: 90_000, interval: 1_000 }).toBeDefined();
      note(name, round, await answered());
    }
  }
  expect(new Set(jobIds.values()).size).toBe(70);
  const { data } = await ask(last.url, '{ jobs(first: 200) { nodes { id service } } }');
  const { nodes } = field<{ nodes: readonly { id: string; service: string }[] }>(data, 'jobs');
  const parcels = nodes.filter(({ service }) => service === 'IMPORT_EXPORT').map(({ id }) => id);
  const keysOfParcels = [...jobIds].filter(([key]) => key.startsWith('createImportExportJob'));
  expect(parcels.toSorted()).toEqual(keysOfParcels.map(([, id]) => id).toSorted());
}, 1_800_000);
