/** Rights that end in the tick of a subscribe, and an authenticator that throws. */
import { type ExecutionArgs, type ExecutionResult, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { Turns } from '../../../src/base/turns.ts';
import { createMaskError } from '../../../src/execution/error-mask.ts';
import { planExecution } from '../../../src/execution/execution-plan.ts';
import { identifyBy } from '../../../src/execution/http-caller.ts';
import { LiveResults } from '../../../src/execution/live-results.ts';
import { OperationContext } from '../../../src/execution/operation-context.ts';
import { subscribeShared } from '../../../src/execution/shared-execution.ts';
import { type Authenticator, createOpenAuthenticator } from '../../../src/identity/authenticator.ts';
import { type Caller, localCaller } from '../../../src/identity/caller.ts';
import { whenRightsEnd } from '../../../src/identity/revocation.ts';
import { ConnectionThrottle, defaultConnectionLimit } from '../../../src/limits/rate-limit.ts';
import { schema } from '../../../src/schema/index.ts';
import { SocketAdmission } from '../../../src/transport/socket-admission.ts';
import { Subscriber } from '../../../src/watch/streams/subscriber.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { startGateway } from '../../support/gateway.ts';
import { issuerKey, signed, startIssuer } from '../../support/issuer.ts';
import { openSocket } from '../../support/live.ts';

const maskError = createMaskError(() => {});
const turns = new Turns(() => 0, { sliceMs: 10, perCheck: 20 });

const document = parse(
  'subscription { jobActivity { cursor ... on JobStateChange { state job { awsJobId } } ... on JobsStale { ids } } }',
);

type Operation = Pick<ExecutionArgs, 'document' | 'variableValues'>;

interface Event {
  readonly cursor: string;
  readonly body: object;
}

/** A subscription whose source and caller's rights the test controls. */
function plannedFrom({ document: { definitions }, document, variableValues }: Operation) {
  const [operation] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('expected an operation');
  const variables = variableValues ?? {};
  return { plan: planExecution(schema, document, operation, variables), variables };
}

function createFixture(isSocket: boolean, caller: Caller = localCaller, operation: Operation = { document }) {
  const clock = new FakeClock();
  const state: { now: Caller | undefined; push: (event: Event) => void; started: number } = {
    now: caller,
    push: () => {},
    started: 0,
  };
  const listeners = new Set<() => void>();
  const authenticator: Authenticator = {
    ...createOpenAuthenticator(),
    current: () => state.now,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const watchActivity = () => {
    const onStart = (): void => {
      state.started += 1;
      state.push = (event) => subscriber.push(event);
    };
    const subscriber = new Subscriber<Event>({
      caughtUp: () => undefined,
      backlog: () => [],
      onStart,
      onEnd: () => {},
    });
    return subscriber;
  };
  const shared = { clock, authenticator, watcher: { watchActivity }, reads: {}, createOnce: {} };
  const scope = { caller, isSocket, whenGone: new AbortController().signal };
  const contextValue = new OperationContext(shared as never, scope);
  const results: ExecutionResult[] = [];
  const executions: string[] = [];
  const onEvent = (how: string): void => void executions.push(how);
  const subscribe = async (): Promise<void> => {
    const options = { mask: maskError, onEvent, turns, planned: plannedFrom(operation) };
    const stream = await subscribeShared({ schema, ...operation, contextValue }, options);
    if (!(stream instanceof LiveResults)) return void results.push(stream);
    try {
      for await (const { text } of stream) results.push(JSON.parse(text));
    } catch (error) {
      results.push({ errors: [error as never] });
    }
  };
  const expire = (): void => {
    state.now = undefined;
    for (const listener of [...listeners]) listener();
  };
  const job = { service: 'DATA_EXCHANGE', awsJobId: 'a'.repeat(32) };
  const body = { kind: 'JobStateChange', job, previousState: null, state: 'WAITING', observedAt: new Date(0) };
  return {
    clock,
    state,
    results,
    executions,
    subscribe,
    expire,
    event: () => state.push({ ...body, cursor: 'c', body: { ...body } }),
  };
}

test('an event is executed once for all readers with the same rights, and each reader gets their own cursor', async () => {
  const readers = ['one', 'two'].map((id) => ({ id, ...createFixture(true, { ...localCaller, id }) }));
  const job = { service: 'DATA_EXCHANGE', awsJobId: 'a'.repeat(32) };
  const body = { kind: 'JobStateChange', job, previousState: null, state: 'WAITING', observedAt: new Date(0) };
  for (const { subscribe } of readers) void subscribe();
  await settle();
  for (const { id, state } of readers) state.push({ ...body, cursor: id, body });
  await settle();
  const [one, two] = readers.map(({ results }) => results[0]?.data?.['jobActivity'] as { cursor: string; job: object });
  expect([one?.cursor, two?.cursor]).toEqual(['one', 'two']);
  expect([one?.job, two?.job]).toEqual([{ awsJobId: 'a'.repeat(32) }, { awsJobId: 'a'.repeat(32) }]);
  expect(readers.flatMap(({ executions }) => executions)).toEqual(['executed', 'shared']);
});

test('JobsStale is executed once for all readers', async () => {
  const readers = ['one', 'two'].map((id) => ({ id, ...createFixture(true, { ...localCaller, id }) }));
  const jobs = [{ service: 'DATA_EXCHANGE', awsJobId: 'a'.repeat(32) }];
  const body = { kind: 'JobsStale', service: 'DATA_EXCHANGE', jobs, since: new Date(0), observedAt: new Date(0) };
  for (const { subscribe } of readers) void subscribe();
  await settle();
  for (const { id, state } of readers) state.push({ ...body, cursor: id, body });
  await settle();
  const [one, two] = readers.map(
    ({ results }) => results[0]?.data?.['jobActivity'] as { cursor: string; ids: string[] },
  );
  expect([one?.cursor, two?.cursor]).toEqual(['one', 'two']);
  expect(one?.ids).toHaveLength(1);
  expect(one?.ids).toEqual(two?.ids);
  expect(readers.flatMap(({ executions }) => executions)).toEqual(['executed', 'shared']);
});

test('readers share an execution if their variables differ only in what they watch', async () => {
  const selective = parse(`subscription ($after: String, $isDetailed: Boolean!) {
    jobActivity(after: $after) { cursor observedAt @include(if: $isDetailed) }
  }`);
  const fixture = (after: string, isDetailed: boolean) =>
    createFixture(true, localCaller, { document: selective, variableValues: { after, isDetailed } });
  const readers = [fixture('one', true), fixture('two', true), fixture('two', false)];
  const body = { kind: 'JobEventsMissed', observedAt: new Date(0) };
  for (const { subscribe } of readers) void subscribe();
  await settle();
  for (const { state } of readers) state.push({ ...body, cursor: 'c', body });
  await settle();
  expect(readers.map(({ executions }) => executions)).toEqual([['executed'], ['shared'], ['executed']]);
  expect(readers.map(({ results }) => results[0]?.data?.['jobActivity'])).toEqual([
    { cursor: 'c', observedAt: '1970-01-01T00:00:00.000Z' },
    { cursor: 'c', observedAt: '1970-01-01T00:00:00.000Z' },
    { cursor: 'c' },
  ]);
});

type Step = 'event' | 'expire' | 'subscribe';

const orders: Step[][] = [
  ['subscribe', 'event', 'expire'],
  ['subscribe', 'expire', 'event'],
  ['expire', 'subscribe', 'event'],
  ['expire', 'event', 'subscribe'],
  ['event', 'subscribe', 'expire'],
  ['event', 'expire', 'subscribe'],
];

test.each(orders.map((order) => ({ order })))(
  'in the order $order no event after the end of the rights is sent',
  async ({ order }) => {
    for (const isSocket of [true, false]) {
      // The number of promises that settle between two steps: from the same tick to one in which everything has
      // settled.
      for (let microtasks = 0; microtasks < 12; microtasks += 1) {
        const { clock, results, state, ...steps } = createFixture(isSocket);
        let hasExpired = false;
        const before = { count: 0 };
        for (const step of order) {
          void steps[step]();
          if (step === 'expire') {
            hasExpired = true;
            before.count = results.length;
          }
          for (let microtask = 0; microtask < microtasks; microtask += 1) await Promise.resolve();
        }
        await settle();
        steps.event();
        await settle();
        await clock.advance(1);
        const late = results.slice(before.count);
        const wasSentBefore = order.indexOf('event') < order.indexOf('expire') && microtasks > 0;
        expect([order, microtasks, hasExpired, wasSentBefore ? [] : late.filter(({ data }) => data != null)]).toEqual([
          order,
          microtasks,
          true,
          [],
        ]);
        expect(results.filter(({ data }) => data != null).length).toBeLessThanOrEqual(wasSentBefore ? 1 : 0);
      }
    }
  },
);

const secret = 'postgres://waybill:hunter2@10.0.0.1';

/** An authenticator that violates its contract. */
const broken: Authenticator = {
  ...createOpenAuthenticator(),
  authenticate: () => Promise.reject(new TypeError(secret)),
  current: () => {
    throw new TypeError(secret);
  },
};

test('an authenticator that throws refuses callers over HTTP, and its message is not sent', async () => {
  const clock = new FakeClock();
  const throttle = new ConnectionThrottle(defaultConnectionLimit, clock.now);
  const identify = identifyBy({
    authenticator: broken,
    throttle,
    addressOf: () => '127.0.0.9',
    budget: undefined,
    onRateLimited: () => {},
    onRefusal: undefined,
  });
  const refusal = await identify({ headersDistinct: {}, headers: {} } as never);
  if ('caller' in refusal) throw new Error('expected a refusal');
  expect(refusal.status).toBe(401);
  expect(JSON.parse(refusal.body)).toEqual({
    errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', retryable: true } }],
  });
});

test('an authenticator that throws refuses sockets, and ends open ones', async () => {
  const clock = new FakeClock();
  const limits = { messageBytes: 1, operations: 1, messagesPerSecond: 1, socketsPerCaller: 1, connections: 1 };
  const socket = { close: () => {}, signal: new AbortController().signal };
  expect(await new SocketAdmission(broken, clock, limits).callerOf({}, socket)).toBeUndefined();
  let ends = 0;
  whenRightsEnd({
    authenticator: broken,
    caller: localCaller,
    clock,
    onEnd: () => {
      ends += 1;
    },
  });
  await clock.advance(0);
  expect(ends).toBe(1);
});

test.each([
  { how: 'is 503', status: 503, body: secret },
  { how: 'is invalid', status: 200, body: `{"keys": "${secret}"}` },
])('while the answer of the issuer $how callers are refused without its content', async ({ status, body }) => {
  const key = await issuerKey('a');
  const issuer = await startIssuer(key);
  issuer.answer = (_request, response) => void response.writeHead(status).end(body);
  const gateway = await startGateway({
    WAYBILL_AUTH: 'jwt',
    WAYBILL_JWT_ISSUER: 'https://issuer.example',
    WAYBILL_JWT_AUDIENCE: 'waybill',
    WAYBILL_JWKS_URL: issuer.url.href,
  });
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const token = await signed(key, { iss: 'https://issuer.example', aud: 'waybill', sub: 'a', scope: 'jobs:read', exp });
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ __typename }"}',
  });
  const text = await response.text();
  expect([response.status, text.includes('UNAUTHENTICATED')]).toEqual([401, true]);
  expect(text + gateway.complaints.join()).not.toContain('hunter2');
  await expect(openSocket(gateway.url, { authorization: `Bearer ${token}` })).rejects.toThrow('4403 Forbidden');
  await issuer.close();
});
