/** The timers of the 15 s deadline are cleared when operations and events end earlier. */
import { expect, test } from 'vitest';
import { countingClock } from '../../support/counting-clock.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { openEvents, openSocket, until } from '../../support/live.ts';

const operationMs = 15_000;
const readJob = 'query ($id: ID!) { job(id: $id) { state } }';
/** Each event needs a read beyond the list. */
const watchDocuments = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { cursor ... on JobStateChange { state job { ... on ImportExportJob { manifest } } } }
}`;

test('Every operation and event clears the timer of its deadline, on each transport', async () => {
  const clock = countingClock();
  const { url, ask, emulator } = await startGateway({}, { clock });
  const { importExport } = await emulator.seed({ importExport: 1 });
  const id = globalId('ImportExportJob', importExport[0] ?? '');
  const socket = await openSocket(url);
  socket.subscribe('events', watchDocuments, { ids: [id] });
  const stream = await openEvents(url, { ids: [id] }, {}, watchDocuments);
  await until(() => socket.resultsOf('events').length === 1 && stream.results().length === 1);
  for (let index = 0; index < 10; index += 1) {
    expect(await ask(readJob, { id })).toEqual({ data: { job: { state: 'WAITING' } } });
    socket.subscribe(`q${index}`, readJob, { id });
    await until(() => socket.typesOf(`q${index}`).includes('complete'));
  }
  await emulator.move(importExport[0] ?? '', { progressCode: 'InProgress', locationCode: 'AtAWS' });
  await until(() => socket.resultsOf('events').length === 2 && stream.results().length === 2);
  const { set, waiting } = clock.timersOf(operationMs);
  expect(set).toBeGreaterThan(20);
  expect(waiting).toBe(0);
});
