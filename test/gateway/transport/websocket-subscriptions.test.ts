/** Subscriptions over the WebSocket protocol and server-sent events, checked by raw frames. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { codesOf, startGuarded } from '../../support/guarded-gateway.ts';
import { cursorsOf, openEvents, openSocket, otherEventsOf, stepsOf, until, watchJobs } from '../../support/live.ts';

async function seeded({ emulator }: TestGateway, count = 1) {
  const { dataExchange } = await emulator.seed({ dataExchange: count });
  return dataExchange.map((awsJobId) => ({ awsJobId, id: globalId('DataExchangeJob', awsJobId) }));
}

const slow = { WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000' };
const jobs = '{ jobs(first: 1) { nodes { id } } }';

test('an id in use closes the socket with 4409 and ends its polling', async () => {
  const gateway = await startGateway(slow);
  const [{ id } = { id: '' }] = await seeded(gateway);
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1);
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.closed !== undefined);
  expect(socket.closed?.code).toBe(4409);
  await until(() => gateway.watcher.watchedJobs === 0);
});

test('an id is free once its operation has ended, also an id such as __proto__', async () => {
  const gateway = await startGateway(slow);
  const socket = await openSocket(gateway.url);
  for (const id of ['s', 's', '__proto__', 'constructor', 'toString', 'x'.repeat(128)]) {
    const before = socket.typesOf(id).length;
    socket.subscribe(id, jobs);
    await until(() => socket.typesOf(id).length === before + 2);
    expect(socket.typesOf(id).slice(before)).toEqual(['next', 'complete']);
  }
  expect(socket.closed).toBeUndefined();
});

test('a complete of an unknown or completed id is ignored', async () => {
  const gateway = await startGateway(slow);
  const [{ id } = { id: '' }] = await seeded(gateway);
  const socket = await openSocket(gateway.url);
  socket.send({ type: 'complete', id: 'never' });
  socket.subscribe('s', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('s').length === 1);
  socket.send({ type: 'complete', id: 's' });
  socket.send({ type: 'complete', id: 's' });
  await until(() => gateway.watcher.watchedJobs === 0);
  socket.subscribe('t', jobs);
  await until(() => socket.typesOf('t').at(-1) === 'complete');
  expect([socket.typesOf('s'), socket.closed]).toEqual([['next'], undefined]);
});

test('a complete before or during the first result leaves no polling behind', async () => {
  const gateway = await startGateway(slow);
  const [{ id } = { id: '' }] = await seeded(gateway);
  const socket = await openSocket(gateway.url);
  await gateway.emulator.fail('DataExchange.GetJob', { delayMs: 100 }, 20);
  for (let round = 0; round < 20; round += 1) {
    socket.subscribe(`s${round}`, watchJobs, { ids: [id] });
    await sleep(round);
    socket.send({ type: 'complete', id: `s${round}` });
  }
  socket.subscribe('t', jobs);
  await until(() => socket.typesOf('t').at(-1) === 'complete');
  await until(() => gateway.watcher.watchedJobs === 0);
  expect(socket.closed).toBeUndefined();
});

test('a faulty operation gets one error, and the other operations of its socket go on', async () => {
  const gateway = await startGateway();
  const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway);
  const socket = await openSocket(gateway.url);
  socket.subscribe('healthy', watchJobs, { ids: [id] });
  await until(() => socket.resultsOf('healthy').length === 1);
  socket.subscribe('syntax', '{');
  socket.subscribe('validation', 'subscription { nothing }');
  socket.send({ type: 'subscribe', id: 'name', payload: { query: `query A ${jobs}`, operationName: 'B' } });
  socket.subscribe(
    'two roots',
    `subscription { a: jobActivity { ... on JobStateChange { state } } b: jobActivity { ... on JobStateChange { state } } }`,
  );
  socket.subscribe('variables', watchJobs, { ids: 'no list of ids, and a number', after: 5 });
  for (const each of ['syntax', 'validation', 'name', 'two roots', 'variables'])
    await until(() => socket.typesOf(each).length > 0);
  await gateway.emulator.move(awsJobId, { state: 'COMPLETED' });
  await until(() => socket.typesOf('healthy').at(-1) === 'complete');
  await sleep(100);
  for (const each of ['syntax', 'validation', 'name', 'two roots'])
    expect([each, ...socket.typesOf(each)]).toEqual([each, 'error']);
  expect(
    socket.resultsOf('variables').length + socket.typesOf('variables').filter((type) => type === 'error').length,
  ).toBe(1);
  expect(stepsOf(socket.resultsOf('healthy'))).toEqual(['null -> WAITING', 'WAITING -> COMPLETED']);
  expect([socket.closed, gateway.complaints]).toEqual([undefined, []]);
});

test('after 2,000 subscriptions have begun and ended nothing is polled', async () => {
  const gateway = await startGateway(slow);
  const watched = await seeded(gateway, 20);
  const socket = await openSocket(gateway.url);
  for (let round = 0; round < 2_000; round += 1) {
    socket.subscribe(`s${round}`, watchJobs, { ids: [watched[round % watched.length]?.id] });
    if (round % 3 !== 0) await new Promise(setImmediate);
    socket.send({ type: 'complete', id: `s${round}` });
  }
  socket.subscribe('last', jobs);
  await until(() => socket.typesOf('last').at(-1) === 'complete');
  await until(() => gateway.watcher.watchedJobs === 0);
  await gateway.emulator.forgetRequests();
  await sleep(300);
  expect(await gateway.emulator.requests()).toEqual({});
  expect([socket.closed, gateway.complaints]).toEqual([undefined, []]);
});

test('server-sent events carry their cursors as ids, and Last-Event-ID resumes after them', async () => {
  const gateway = await startGateway();
  const [{ awsJobId, id } = { awsJobId: '', id: '' }] = await seeded(gateway);
  const first = await openEvents(gateway.url, { ids: [id] });
  const second = await openEvents(gateway.url, { ids: [id] });
  await until(() => first.results().length === 1 && second.results().length === 1);
  first.leave();
  await gateway.emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await until(() => second.results().length === 2);
  await gateway.emulator.move(awsJobId, { state: 'COMPLETED' });
  await second.ended;
  const received = second.events().filter(({ event }) => event === 'next');
  expect(received.map((event) => event.id)).toEqual(cursorsOf(second.results()));
  const lastEventId = first.events()[0]?.id ?? '';
  const back = await openEvents(gateway.url, { ids: [id] }, { 'last-event-id': lastEventId });
  await back.ended;
  expect(stepsOf(back.results())).toEqual(['WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED']);
  expect(gateway.watcher.watchedJobs).toBe(0);
});

test('a subscription over server-sent events needs the same rights and has the same limits as a query', async () => {
  const gateway = await startGuarded(
    { viewer: ['jobs:read'], nobody: ['jobs:write'], spender: ['jobs:read'] },
    { WAYBILL_MAX_COST_PER_MINUTE: '20' },
  );
  const [{ id } = { id: '' }] = await seeded(gateway);
  await gateway.emulator.forgetRequests();
  const received = async (name: string, query: string): Promise<unknown[]> => {
    const stream = await gateway.eventsOf(name, query, { ids: [id] });
    await stream.ended;
    return stream.results().flatMap(codesOf);
  };
  const stranger = await openEvents(gateway.url, { ids: [id] });
  await stranger.ended;
  expect([stranger.status, stranger.results()]).toEqual([401, []]);
  expect(await received('nobody', watchJobs)).toEqual(['FORBIDDEN']);
  const deep = `subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) ${'{ job '.repeat(8)}{ id }${' }'.repeat(8)} }`;
  expect(await received('viewer', deep)).toEqual(['OPERATION_TOO_COMPLEX']);
  const twice =
    'subscription ($ids: [ID!]!) { a: jobStateChanged(ids: $ids) { ... on JobStateChange { state } } b: jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';
  expect(await received('viewer', twice)).toEqual(['OPERATION_TOO_COMPLEX']);
  expect([await gateway.emulator.requests(), gateway.watcher.watchedJobs]).toEqual([{}, 0]);
  const spent: unknown[] = [];
  while (!spent.includes('RATE_LIMITED') && spent.length < 50) {
    const stream = await gateway.eventsOf('spender', watchJobs, { ids: [id] });
    await until(() => stream.results().length > 0);
    spent.push(...stream.results().map((result) => codesOf(result)[0] ?? 'received'));
    stream.leave();
  }
  expect([spent[0], spent.at(-1)]).toEqual(['received', 'RATE_LIMITED']);
});

test('a subscription by GET is refused', async () => {
  const gateway = await startGateway();
  const [{ id } = { id: '' }] = await seeded(gateway);
  await gateway.emulator.forgetRequests();
  const query = new URLSearchParams({ query: watchJobs, variables: JSON.stringify({ ids: [id] }) });
  const response = await fetch(`${gateway.url}?${query}`, { headers: { accept: 'text/event-stream' } });
  const text = await response.text();
  expect([response.ok, text.includes('WAITING')]).toEqual([false, false]);
  expect([await gateway.emulator.requests(), gateway.watcher.watchedJobs]).toEqual([{}, 0]);
});

test('a cursor at each position resumes with exactly the events after it', async () => {
  const gateway = await startGateway();
  const watched = await seeded(gateway, 2);
  const ids = watched.map(({ id }) => id);
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids });
  await until(() => socket.resultsOf('s').length === 2);
  for (const state of ['IN_PROGRESS', 'COMPLETED'])
    for (const { awsJobId } of watched) {
      const before = socket.resultsOf('s').length;
      await gateway.emulator.move(awsJobId, { state });
      await until(() => socket.resultsOf('s').length === before + 1);
    }
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  const results = socket.resultsOf('s');
  const present = new Set(results.slice(0, 2));
  for (const [index, after] of cursorsOf(results).entries()) {
    socket.subscribe(`r${index}`, watchJobs, { ids, after });
    await until(() => socket.typesOf(`r${index}`).at(-1) === 'complete');
    const rest = results.slice(index + 1);
    // A job whose present state had not been sent yet gets the state of now, without earlier changes.
    const expected = present.has(results[index] as never) && index === 0 ? rest.length - 2 : rest.length;
    expect(socket.resultsOf(`r${index}`)).toHaveLength(expected);
    if (index > 0) expect(socket.resultsOf(`r${index}`)).toEqual(rest);
  }
});

test('a cursor that is unknown or forged is refused on both transports, one of other jobs brings the present state', async () => {
  const gateway = await startGateway(slow);
  const [one, other] = await seeded(gateway, 2);
  const socket = await openSocket(gateway.url);
  for (const id of [one?.id, other?.id]) socket.subscribe(`of ${id}`, watchJobs, { ids: [id] });
  await until(() => [one, other].every((job) => socket.resultsOf(`of ${job?.id}`).length === 1));
  const [own = ''] = cursorsOf(socket.resultsOf(`of ${one?.id}`));
  const [foreign = ''] = cursorsOf(socket.resultsOf(`of ${other?.id}`));
  const [payload = '', signature = ''] = own.split('.');
  const position = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), offset: 0 };
  const forged = `${Buffer.from(JSON.stringify(position)).toString('base64url')}.${signature}`;
  for (const [index, after] of ['unknown', forged, `${own}x`].entries()) {
    const name = `bad ${index}`;
    socket.subscribe(name, watchJobs, { ids: [one?.id], after });
    await until(() => ['complete', 'error'].includes(socket.typesOf(name).at(-1) ?? ''));
    expect(JSON.stringify(socket.frames.filter(({ id }) => id === name))).toContain('CURSOR_INVALID');
    const stream = await openEvents(gateway.url, { ids: [one?.id] }, { 'last-event-id': after });
    await stream.ended;
    expect(JSON.stringify(stream.events())).toContain('CURSOR_INVALID');
  }
  socket.subscribe('foreign', watchJobs, { ids: [one?.id], after: foreign });
  const stream = await openEvents(gateway.url, { ids: [one?.id] }, { 'last-event-id': foreign });
  await until(() => socket.resultsOf('foreign').length === 1 && stream.results().length === 1);
  expect([stepsOf(socket.resultsOf('foreign')), stepsOf(stream.results())]).toEqual([
    ['null -> WAITING'],
    ['null -> WAITING'],
  ]);
  expect(socket.closed).toBeUndefined();
});

test('after a cursor of an earlier run the stream sends JobEventsMissed and then the present states', async () => {
  const before = await startGateway(slow);
  const [{ id } = { id: '' }] = await seeded(before);
  const early = await openSocket(before.url);
  early.subscribe('s', watchJobs, { ids: [id] });
  await until(() => early.resultsOf('s').length === 1);
  const [after = ''] = cursorsOf(early.resultsOf('s'));
  // The emulator ends with its gateway, so the next one has no job with this id.
  const gateway = await startGateway();
  const socket = await openSocket(gateway.url);
  socket.subscribe('s', watchJobs, { ids: [id], after });
  await until(() => socket.typesOf('s').at(-1) === 'complete');
  expect(socket.resultsOf('s')).toMatchObject([
    { data: { jobStateChanged: { __typename: 'JobEventsMissed' } } },
    { data: { jobStateChanged: { __typename: 'JobGone', id } } },
  ]);
  const stream = await openEvents(gateway.url, { ids: [id] }, { 'last-event-id': after });
  await stream.ended;
  expect(otherEventsOf(stream.results())).toEqual(['JobEventsMissed', 'JobGone']);
});
