/** A cursor of `jobStateChanged` is valid for other ids: a board adds and removes jobs and misses nothing of the rest. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { cursorsOf, eventsOf, openEvents, openSocket, type RawSocket, until, watchJobs } from '../../support/live.ts';

async function watchedJobs(gateway: TestGateway, count: number) {
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: count });
  const jobs = dataExchange.map((awsJobId) => ({ awsJobId, id: globalId('DataExchangeJob', awsJobId) }));
  const move = async (state: string): Promise<void> => {
    for (const { awsJobId } of jobs) await gateway.emulator.move(awsJobId, { state });
  };
  return { ids: jobs.map(({ id }) => id), move };
}

/** All choices of at least one. */
function choicesOf(ids: readonly string[]): readonly (readonly string[])[] {
  const numbers = Array.from({ length: 2 ** ids.length - 1 }, (_, index) => index + 1);
  return numbers.map((bits) => ids.filter((_, index) => (bits >> index) % 2 === 1));
}

/** What operation `name` has received of each id, such as `null -> WAITING`; of a gone job `gone`. */
function receivedOf(socket: RawSocket, name: string): Record<string, string[]> {
  const received: Record<string, string[]> = {};
  for (const { __typename: type, job, previousState, state, ...gone } of eventsOf(socket.resultsOf(name))) {
    const id = job?.id ?? String((gone as { id?: string }).id);
    received[id] = [...(received[id] ?? []), type === 'JobGone' ? 'gone' : `${previousState} -> ${state}`];
  }
  return received;
}

/** The jobs of each stream of operations, by the names of the operations. */
type Streams = ReadonlyMap<string, readonly string[]>;

async function haveReceived(socket: RawSocket, streams: Streams, events: number): Promise<void> {
  await until(() => [...streams].every(([name, ids]) => socket.resultsOf(name).length === events * ids.length));
}

test('for every two choices of three jobs, kept ids go on where they were, and added ids begin with the present', async () => {
  const gateway = await startGateway({ WAYBILL_MAX_OPERATIONS_PER_SOCKET: '100' });
  const { ids, move } = await watchedJobs(gateway, 3);
  const socket = await openSocket(gateway.url);
  const before: Streams = new Map(choicesOf(ids).map((from, index) => [`from ${index}`, from]));
  for (const [name, from] of before) socket.subscribe(name, watchJobs, { ids: from });
  await haveReceived(socket, before, 1);
  const cursors = new Map([...before.keys()].map((name) => [name, cursorsOf(socket.resultsOf(name)).at(-1)]));
  await move('IN_PROGRESS');
  await haveReceived(socket, before, 2);
  const pairs = [...before].flatMap(([name, from]) =>
    choicesOf(ids).map((to, index) => ({ name: `${name} to ${index}`, after: cursors.get(name), from, to })),
  );
  // The order of the ids does not matter.
  for (const { name, after, to } of pairs) socket.subscribe(name, watchJobs, { ids: to.toReversed(), after });
  const resumed: Streams = new Map(pairs.map(({ name, to }) => [name, to]));
  await haveReceived(socket, resumed, 1);
  await move('COMPLETED');
  await until(() => pairs.every(({ name }) => socket.typesOf(name).at(-1) === 'complete'));
  for (const { name, from, to } of pairs) {
    const expected = to.map((id) => {
      const first = from.includes(id) ? 'WAITING -> IN_PROGRESS' : 'null -> IN_PROGRESS';
      return [id, [first, 'IN_PROGRESS -> COMPLETED']];
    });
    expect([name, receivedOf(socket, name)]).toEqual([name, Object.fromEntries(expected)]);
  }
});

test('a job that is pending or gone in the cursor stays so when ids are added, and begins anew when it was removed', async () => {
  const gateway = await startGateway();
  const { ids } = await watchedJobs(gateway, 3);
  const [one = '', two = '', added = ''] = ids;
  const missing = globalId('DataExchangeJob', '0'.repeat(32));
  const socket = await openSocket(gateway.url);
  const resume = async (name: string, named: readonly string[], after: string | undefined, events: number) => {
    socket.subscribe(name, watchJobs, { ids: named, after });
    await until(() => socket.resultsOf(name).length === events);
    return receivedOf(socket, name);
  };
  await resume('first', [one, two, missing], undefined, 3);
  const events = eventsOf(socket.resultsOf('first'));
  const goneAt = events.findIndex(({ __typename: type }) => type === 'JobGone');
  const afterGone = events[goneAt]?.cursor;
  const received = events.slice(0, goneAt).map(({ job }) => job.id);
  const unreceived = [one, two].filter((id) => !received.includes(id));
  const fresh = (named: readonly string[]) => Object.fromEntries(named.map((id) => [id, ['null -> WAITING']]));
  const grown = await resume('grown', [added, one, two, missing], afterGone, 1 + unreceived.length);
  expect(grown).toEqual(fresh([added, ...unreceived]));
  const last = cursorsOf(socket.resultsOf('grown')).at(-1);
  const shrunk = await resume('shrunk', [added, two, globalId('DataExchangeJob', '1'.repeat(32))], last, 1);
  expect(Object.values(shrunk)).toEqual([['gone']]);
  const withoutMissing = cursorsOf(socket.resultsOf('shrunk')).at(-1);
  const back = await resume('back', [added, one, two, missing], withoutMissing, 2);
  expect(back).toEqual({ ...fresh([one]), [missing]: ['gone'] });
});

test('the first of several present states leaves the others pending, also for a reader of other ids', async () => {
  const gateway = await startGateway();
  const { ids } = await watchedJobs(gateway, 4);
  const socket = await openSocket(gateway.url);
  socket.subscribe('first', watchJobs, { ids: ids.slice(0, 3) });
  await until(() => socket.resultsOf('first').length === 3);
  const [first] = eventsOf(socket.resultsOf('first'));
  const stream = await openEvents(gateway.url, { ids: ids.slice(1) }, { 'last-event-id': first?.cursor ?? '' });
  const expected = ids.slice(1).filter((id) => id !== first?.job.id);
  await until(() => stream.results().length === expected.length);
  expect(eventsOf(stream.results()).map(({ job, previousState }) => [job.id, previousState])).toEqual(
    expect.arrayContaining(expected.map((id) => [id, null])),
  );
});
