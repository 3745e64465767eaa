/** Creates whose gateway process is killed or stopped, or has an unusable folder. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { dataExchangeDetails, globalId, manifests } from '../../support/examples.ts';
import { type Answer, ask, field, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';

/** Starts a gateway process over the emulator and the folder. */
function startOver(emulator: EmulatorControl, dataDir: string): Promise<ChildGateway> {
  return startChildGateway({ ...settingsOver(emulator.url), WAYBILL_DATA_DIR: dataDir });
}

const idempotencyKey = 'order-4711-attempt-1';
const services = [
  {
    service: 'Data Exchange',
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    sendings: 1,
    query: `mutation ($input: CreateDataExchangeJobInput!) {
      createDataExchangeJob(input: $input) { job { id awsJobId state } userErrors { code } } }`,
    input: { idempotencyKey, start: true, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  },
  {
    service: 'Import/Export',
    name: 'createImportExportJob',
    operation: 'ImportExport.CreateJob',
    sendings: 2,
    query: `mutation ($input: CreateImportExportJobInput!) {
      createImportExportJob(input: $input) { job { id awsJobId state } userErrors { code } } }`,
    input: { idempotencyKey, manifest: manifests.importToS3 },
  },
] as const;

type Service = (typeof services)[number];

const allJobs = '{ jobs(first: 200) { nodes { id awsJobId state } } }';

async function jobsSeenBy(gateway: ChildGateway): Promise<readonly { id: string; state: string }[]> {
  const { data } = await ask(gateway.url, allJobs);
  return field<{ nodes: { id: string; state: string }[] }>(data, 'jobs').nodes;
}

function jobIn(answer: Answer, { name }: Service): { id: string; awsJobId: string; state: string } | null {
  return field<{ job: { id: string; awsJobId: string; state: string } | null }>(answer.data, name).job;
}

/** Import/Export checks a manifest first: the fault is for the create after that. */
async function failCreate(emulator: EmulatorControl, { operation, sendings }: Service, fault: object): Promise<void> {
  if (sendings === 2) await emulator.fail(operation, { headers: { 'x-check': '1' } });
  await emulator.fail(operation, { ...fault });
}

function bytesOf(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return Buffer.concat(
    files.filter((file) => file.isFile()).map((file) => readFileSync(join(file.parentPath, file.name))),
  );
}

for (const each of services) {
  const { service, operation, sendings, query, input } = each;

  test(`a gateway that is killed between sending a create of ${service} and its reply leaves one job`, async () => {
    const emulator = await startLastingEmulator();
    const dataDir = temporaryFolder();
    await failCreate(emulator, each, { never: true, afterCommit: true });
    const first = await startOver(emulator, dataDir);
    const attempt = ask(first.url, query, { input }).catch(() => undefined);
    await expect.poll(async () => (await emulator.requests())[operation] ?? 0).toBe(sendings);
    await first.die();
    expect(await attempt).toBeUndefined();

    const second = await startOver(emulator, dataDir);
    const answer = await ask(second.url, query, { input });
    expect(answer).toMatchObject({ extensions: { replayed: true } });
    expect((await jobsSeenBy(second)).map(({ id }) => id)).toEqual([jobIn(answer, each)?.id]);
    expect((await emulator.requests())[operation]).toBe(sendings);
    if (service === 'Data Exchange') expect(jobIn(answer, each)?.state).toBe('IN_PROGRESS');
    // Two process starts, of which the first also builds the program.
  }, 60_000);

  test(`a gateway that is killed before it sends a create of ${service} has sent nothing, and the key can be used`, async () => {
    const emulator = await startLastingEmulator();
    const dataDir = temporaryFolder();
    const first = await startOver(emulator, dataDir);
    // A manifest is checked before anything is recorded; with Data Exchange the gateway is killed at the very start.
    await emulator.fail(operation, { never: true });
    const attempt = ask(first.url, query, { input }).catch(() => undefined);
    if (sendings === 2) await expect.poll(async () => (await emulator.requests())[operation] ?? 0).toBe(1);
    await first.die();
    await attempt;
    await emulator.heal();

    const second = await startOver(emulator, dataDir);
    // If it had been sent after all, the missing job is certain only after a while.
    const answered = async () => {
      const answer = await ask(second.url, query, { input });
      return answer.errors === undefined ? jobIn(answer, each)?.id : undefined;
    };
    await expect.poll(answered, { timeout: 15_000, interval: 500 }).toBeDefined();
    expect(await jobsSeenBy(second)).toHaveLength(1);
  });

  test(`a create of ${service} that is under way at a SIGTERM is completed and recorded`, async () => {
    const emulator = await startLastingEmulator();
    const dataDir = temporaryFolder();
    await failCreate(emulator, each, { delayMs: 1_500 });
    const first = await startOver(emulator, dataDir);
    const attempt = ask(first.url, query, { input });
    await expect.poll(async () => (await emulator.requests())[operation] ?? 0).toBe(sendings);
    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const result = jobIn(await attempt, each);
    expect(result).not.toBeNull();

    const second = await startOver(emulator, dataDir);
    const answer = await ask(second.url, query, { input });
    expect(answer).toMatchObject({ extensions: { replayed: true } });
    expect(jobIn(answer, each)?.id).toBe(result?.id);
    expect((await emulator.requests())[operation]).toBe(sendings);
  });

  test(`the folder contains no input of ${service}`, async () => {
    const emulator = await startLastingEmulator();
    const dataDir = temporaryFolder();
    const gateway = await startOver(emulator, dataDir);
    const job = jobIn(await ask(gateway.url, query, { input }), each);
    const uploads = {
      idempotencyKey: `${idempotencyKey}-2`,
      details: dataExchangeDetails.IMPORT_ASSET_FROM_SIGNED_URL,
    };
    await ask(gateway.url, services[0].query, { input: uploads });
    await gateway.stop();
    const bytes = bytesOf(dataDir);
    expect(bytes.includes(job?.awsJobId ?? '?')).toBe(true);
    for (const secret of ['order-4711', 'Any Street', 'Jane Roe', '555-1111', 'prices/', 'X-Amz', 'AKID', 'wJalr']) {
      expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
    }
  });
}

test('a second process over the same folder names the first and exits with 1', async () => {
  const emulator = await startLastingEmulator();
  const dataDir = temporaryFolder();
  const first = await startOver(emulator, dataDir);
  await expect(startOver(emulator, dataDir)).rejects.toThrow(
    /exit 1: waybill: WAYBILL_DATA_DIR: the store in ".*" is in use by another process\..*\n$/,
  );
  expect((await fetch(first.url.replace('graphql', 'readyz'))).status).toBe(200);
});

test('a damaged folder ends the process with 1 and one line that says what to do', async () => {
  const emulator = await startLastingEmulator();
  const dataDir = temporaryFolder();
  const first = await startOver(emulator, dataDir);
  await first.stop();
  writeFileSync(join(dataDir, 'store', 'CURRENT'), 'nonsense');
  await expect(startOver(emulator, dataDir)).rejects.toThrow(
    /exit 1: waybill: WAYBILL_DATA_DIR: .* is damaged .*move the folder away.*\n$/,
  );
});

test('a cursor from before a restart brings what was observed since, and history reaches back beyond the restart', async () => {
  const emulator = await startLastingEmulator();
  const dataDir = temporaryFolder();
  const { importExport } = await emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const id = globalId('ImportExportJob', awsJobId);
  const first = await startOver(emulator, dataDir);
  const [begun] = await eventsOf(first, id, undefined, 1);
  await first.stop();

  await emulator.move(awsJobId, { progressCode: 'Complete' });
  const second = await startOver(emulator, dataDir);
  const events = await eventsOf(second, id, begun?.cursor, 1);
  expect(events).toMatchObject([{ previousState: 'WAITING', state: 'COMPLETED' }]);
  const { data } = await ask(second.url, `{ job(id: "${id}") { history { nodes { previousState state } } } }`);
  expect(data).toEqual({
    job: {
      history: {
        nodes: [
          { previousState: 'WAITING', state: 'COMPLETED' },
          { previousState: null, state: 'WAITING' },
        ],
      },
    },
  });
});

interface Event {
  readonly cursor: string;
  readonly state: string;
}

/** Reads the first `count` events of a stream over Server-Sent Events. */
async function eventsOf(gateway: ChildGateway, id: string, after: string | undefined, count: number): Promise<Event[]> {
  const query = `subscription ($after: String) {
    jobStateChanged(ids: ["${id}"], after: $after) { cursor ... on JobStateChange { previousState state } } }`;
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { after } }),
  });
  const events: Event[] = [];
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const found = [...text.matchAll(/^data: (.*"jobStateChanged".*)$/gm)].map(([, json = '']) => JSON.parse(json));
    if (found.length < count) continue;
    for (const { data } of found.slice(0, count)) events.push(data.jobStateChanged);
    break;
  }
  return events;
}
