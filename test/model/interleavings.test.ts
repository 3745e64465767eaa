/** Operations of several callers whose steps interleave in every order: each keeps its own context. */
import fc from 'fast-check';
import { type ExecutionResult, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import type { Backends } from '../../src/backends/backend.ts';
import type { Clock } from '../../src/base/clock.ts';
import { openCreates } from '../../src/creates/index.ts';
import { OperationContext } from '../../src/execution/operation-context.ts';
import { createOpenAuthenticator } from '../../src/identity/authenticator.ts';
import { type Caller, hasScope, type Scope } from '../../src/identity/caller.ts';
import { shareReads } from '../../src/reads/shared-reads.ts';
import type { Context } from '../../src/resolvers/context.ts';
import { positionsFrom } from '../../src/resolvers/job-cursor.ts';
import { schema } from '../../src/schema/index.ts';
import { globalId } from '../support/examples.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { interleavingRuns } from './runs.ts';

const callers: readonly Caller[] = Object.entries({
  a: ['jobs:read', 'jobs:write', 'jobs:secrets'],
  b: ['jobs:read', 'jobs:write'],
  c: ['jobs:read', 'jobs:secrets'],
  d: ['schema:read'],
} satisfies Record<string, Scope[]>).map(([name, scopes]) => ({ name, id: `token:${name}`, scopes: new Set(scopes) }));

const question = parse(`query ($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on ImportExportJob { progress { code } artifacts { description } } ... on DataExchangeJob { state } }
  jobs(first: 1) { edges { cursor } }
}`);

const creation = parse(`mutation {
  createDataExchangeJob(input: { idempotencyKey: "of-everybody-alike", details: { importAssetsFromS3: {
    dataSetId: "a", revisionId: "b", sources: [{ bucket: "b", key: "k" }] } } }) { job { awsJobId } }
}`);

const createdAt = new Date('2026-01-01T00:00:00Z');
const exchangeJobId = 'a'.repeat(32);
const exchangeJob = (awsJobId: string) => ({
  service: 'DATA_EXCHANGE',
  awsJobId,
  createdAt,
  state: 'WAITING',
  details: null,
});
const deviceJob = (awsJobId: string) => ({ service: 'IMPORT_EXPORT', awsJobId, createdAt, direction: 'IMPORT' });
const status = (awsJobId: string) => ({
  awsJobId,
  direction: 'IMPORT',
  createdAt,
  state: 'WAITING',
  progress: { code: awsJobId },
});

/** Services that answer when the scheduler decides. */
function scheduledBackends(scheduler: fc.Scheduler): Backends {
  let created = 0;
  const when =
    <T>(answer: (id: string) => T) =>
    (id: string) =>
      scheduler.schedule(Promise.resolve(), id).then(() => answer(id));
  const list = (jobs: readonly object[]) => when(() => ({ jobs, nextMarker: null, nextToken: undefined }));
  return {
    dataExchange: {
      getJob: when(exchangeJob),
      listJobs: list([exchangeJob(exchangeJobId), exchangeJob('b'.repeat(32))]),
      createJob: when(() => exchangeJob(`made${++created}`)),
    },
    importExport: {
      getStatus: when(status),
      getDocuments: when((id) => ({ manifest: null, signature: null, artifacts: [{ description: `of ${id}` }] })),
      listJobs: list([deviceJob('D1')]),
    },
    // Members that this test does not call are left out.
  } as unknown as Backends;
}

/** Short waits end when the scheduler decides, deadlines never. */
function scheduledClock(scheduler: fc.Scheduler): Clock {
  return {
    now: () => createdAt.getTime(),
    monotonicMs: () => 0,
    random: () => 0.5,
    schedule: (callback, delayMs) => {
      let isWanted = delayMs < 100;
      if (isWanted) void scheduler.schedule(Promise.resolve(), `after ${delayMs}`).then(() => isWanted && callback());
      return () => {
        isWanted = false;
      };
    },
  };
}

interface Operation {
  readonly caller: Caller;
  readonly isCreation: boolean;
}

const operation = fc.record({ caller: fc.constantFrom(...callers), isCreation: fc.boolean() });

const ids = [
  globalId('ImportExportJob', 'D1'),
  globalId('DataExchangeJob', exchangeJobId),
  globalId('ImportExportJob', 'D2'),
];

function judge(
  { caller, isCreation }: Operation,
  { data, errors = [] }: ExecutionResult,
  context: Context,
  made: Map<string, string>,
): void {
  const codes = [...errors, ...context.reported].map(({ extensions }) => extensions['code']);
  const may = (...scopes: Scope[]) => scopes.every((scope) => hasScope(caller, scope));
  expect(context.caller).toBe(caller);
  if (!may('jobs:read') || (isCreation && !may('jobs:write'))) {
    expect([data ?? null, new Set(codes)]).toEqual([null, new Set(['FORBIDDEN'])]);
    return;
  }
  if (isCreation) {
    const { awsJobId } = (data as { createDataExchangeJob: { job: { awsJobId: string } } }).createDataExchangeJob.job;
    expect(made.get(caller.id) ?? awsJobId).toBe(awsJobId);
    made.set(caller.id, awsJobId);
    expect(new Set(made.values()).size).toBe(made.size);
    return;
  }
  const artifactsOf = (id: string) => (may('jobs:secrets') ? [{ description: `of ${id}` }] : []);
  const { nodes, jobs } = data as { nodes: unknown; jobs: { edges: { cursor: string }[] } };
  expect(nodes).toEqual([
    { id: ids[0], progress: { code: 'D1' }, artifacts: artifactsOf('D1') },
    { id: ids[1], state: 'WAITING' },
    { id: ids[2], progress: { code: 'D2' }, artifacts: artifactsOf('D2') },
  ]);
  expect(codes).toEqual(may('jobs:secrets') ? [] : ['FORBIDDEN', 'FORBIDDEN']);
  const cursor = jobs.edges[0]?.cursor ?? '';
  const readers = callers.filter((each) => positionsFrom(cursor, {}, { caller: each, cursorKey: context.cursorKey }));
  expect(readers).toEqual([caller]);
}

test('whatever the order of their steps, no operation receives data of another', { timeout: 600_000 }, async () => {
  const property = fc.asyncProperty(
    fc.scheduler(),
    fc.array(operation, { minLength: 2, maxLength: 5 }),
    async (scheduler, operations) => {
      const clock = scheduledClock(scheduler);
      const backends = scheduledBackends(scheduler);
      const reads = shareReads(backends, clock);
      const { createOnce } = openCreates({ store: new MemoryStore(), backends, clock });
      const watcher = { noteMutation: () => {}, activityPlace: () => ({ log: 'log', offset: 0, since: 0 }) };
      const shared = {
        clock,
        authenticator: createOpenAuthenticator(),
        reads,
        watcher,
        createOnce,
        cursorKey: new Uint8Array(32),
      };
      const made = new Map<string, string>();
      const loaders = new Set<unknown>();
      const run = async (operation: Operation): Promise<void> => {
        const scope = { caller: operation.caller, isSocket: false, whenGone: new AbortController().signal };
        const contextValue = new OperationContext(shared as never, scope);
        expect(loaders.has(contextValue.loaders)).toBe(false);
        loaders.add(contextValue.loaders);
        const document = operation.isCreation ? creation : question;
        const result = await execute({
          schema,
          document,
          contextValue,
          variableValues: operation.isCreation ? {} : { ids },
        });
        judge(operation, result, contextValue, made);
      };
      await scheduler.waitFor(Promise.all(operations.map(run)));
      expect(loaders.size).toBe(operations.length);
    },
  );
  await fc.assert(property, { numRuns: interleavingRuns });
});
