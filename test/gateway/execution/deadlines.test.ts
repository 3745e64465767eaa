/** The 15 s that an operation and an event may take, once they have taken less. */
import { expect, test } from 'vitest';
import { countingClock } from '../../support/counting-clock.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openEvents, openSocket, until } from '../../support/live.ts';

const operationMs = 15_000;
const readJob = 'query ($id: ID!) { job(id: $id) { state } }';
/** Each event reads what the list did not say. */
const watchDocuments = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { cursor ... on JobStateChange { state job { ... on ImportExportJob { manifest } } } }
}`;

test('no operation and no event leaves the timer of its deadline behind, on any transport', async () => {
  const clock = countingClock();
  const { url, ask, emulator } = await startGateway({}, { clock });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const socket = await openSocket(url);
  socket.subscribe('events', watchDocuments, { ids: [id] });
  const stream = await openEvents(url, { ids: [id] }, {}, watchDocuments);
  await until(() => socket.resultsOf('events').length === 1 && stream.results().length === 1);
  for (let asked = 0; asked < 10; asked += 1) {
    expect(await ask(readJob, { id })).toEqual({ data: { job: { state: 'WAITING' } } });
    socket.subscribe(`q${asked}`, readJob, { id });
    await until(() => socket.typesOf(`q${asked}`).includes('complete'));
  }
  await emulator.move(importExport[0] ?? '', { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('events').length === 2 && stream.results().length === 2);
  const { set, waiting } = clock.timersOf(operationMs);
  expect(set).toBeGreaterThan(20);
  expect(waiting).toBe(0);
});
