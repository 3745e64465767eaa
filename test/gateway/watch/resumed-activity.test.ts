/** A reader of all jobs who resumes from an event: jobs that were created while no gateway ran are new to them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { cursorsOf, openSocket, stepsOf, until } from '../../support/live.ts';

const activity = `subscription ($after: String) {
  jobActivity(after: $after) { __typename cursor ... on JobStateChange { previousState state job { id state } } }
}`;

async function read({ url }: Pick<TestGateway, 'url'>, after?: string) {
  const socket = await openSocket(url);
  socket.subscribe('s', activity, after === undefined ? {} : { after });
  return () => socket.resultsOf('s');
}

const exchangeId = (awsJobId = '') => globalId('DataExchangeJob', awsJobId);
const diskId = (awsJobId = '') => globalId('ImportExportJob', awsJobId);

test('a reader who resumes at a gateway that was restarted learns once of each job that was created meanwhile', async () => {
  const emulator = await startLastingEmulator();
  const env = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
  // For the AWS SDK.
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const awsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  await emulator.seed({ dataExchange: 2, importExport: 2 });
  // Import/Export dates jobs to whole seconds, and a stream looks a little further back than its last event.
  await sleep(3_100);
  const first = await startGateway(env, { awsCredentials });
  const before = await read(first);
  await sleep(500);
  const { dataExchange: known } = await emulator.seed({ dataExchange: 1 });
  await until(() => before().length === 1);
  const [cursor] = cursorsOf(before());
  await first.close();
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 1 });
  const second = await startGateway(env, { awsCredentials });
  // Another reader, who begins now, takes them for old.
  await read(second);
  await second.ask('{ jobs(first: 3) { nodes { id state } } }');
  const after = await read(second, cursor);
  const created = [...dataExchange.map(exchangeId), ...importExport.map(diskId)];
  await until(() => after().length >= created.length);
  await sleep(700);
  expect(created.map((id) => stepsOf(after(), id))).toEqual(created.map(() => ['null -> WAITING']));
  expect([after().length, stepsOf(after(), exchangeId(known[0]))]).toEqual([created.length, []]);
  const again = await read(second, cursorsOf(after()).at(-1));
  await sleep(700);
  expect(again()).toEqual([]);
});
