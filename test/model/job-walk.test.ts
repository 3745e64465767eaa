/** Pages of filtered lists, against lists in memory: whatever the filter, the sizes and the budget, nothing is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backends, DataExchangeBackend, ImportExportBackend } from '../../src/backends/backend.ts';
import type { CatalogBackend } from '../../src/backends/catalog-backend.ts';
import { localCaller } from '../../src/identity/caller.ts';
import type { DataExchangeJob, DataExchangeJobType } from '../../src/model/data-exchange-job.ts';
import { BackendError } from '../../src/model/errors.ts';
import type { ImportExportStatus, ListedImportExportJob } from '../../src/model/import-export-job.ts';
import type { JobFilter } from '../../src/model/job-filter.ts';
import type { JobState } from '../../src/model/job-state.ts';
import { createLoaders } from '../../src/reads/loaders.ts';
import { cursorFrom, positionsFrom } from '../../src/resolvers/job-cursor.ts';
import { type ListContext, listPage } from '../../src/resolvers/job-list.ts';
import { WalkBudget } from '../../src/resolvers/walk-budget.ts';
import type { Watcher } from '../../src/watch/watcher.ts';

interface Job {
  readonly createdAt: number;
  readonly state: JobState;
  readonly type: DataExchangeJobType;
  readonly direction: 'EXPORT' | 'IMPORT';
  /** Of an Import/Export job: whether the log knows its state, or its status cannot be read. */
  readonly isLogged: boolean;
  readonly isBroken: boolean;
}

/** Each service's jobs, newest first. */
interface World {
  readonly dataExchange: readonly (Job & { readonly id: string })[];
  readonly importExport: readonly (Job & { readonly id: string })[];
  /** Max number of jobs of one answer. */
  readonly answerSize: number;
}

const states = ['WAITING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
const finished: readonly JobState[] = ['COMPLETED', 'FAILED', 'CANCELLED'];
const types = ['EXPORT_ASSETS_TO_S3', 'IMPORT_ASSETS_FROM_S3', 'UNKNOWN'] as const;

const job: fc.Arbitrary<Job> = fc.record({
  createdAt: fc.integer({ min: 0, max: 200 }).map((seconds) => seconds * 1_000),
  state: fc.constantFrom(...states),
  type: fc.constantFrom(...types),
  direction: fc.constantFrom('EXPORT' as const, 'IMPORT' as const),
  isLogged: fc.boolean(),
  isBroken: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
});

function newestFirst(jobs: readonly Job[], prefix: string) {
  const sorted = jobs.toSorted((a, b) => b.createdAt - a.createdAt);
  return sorted.map((each, index) => ({ ...each, id: `${prefix}${index}` }));
}

const jobs = fc.array(job, { maxLength: 60 });

const world: fc.Arbitrary<World> = fc
  .record({ exchange: jobs, disk: jobs, answerSize: fc.integer({ min: 1, max: 50 }) })
  .map(({ exchange, disk, answerSize }) => ({
    dataExchange: newestFirst(exchange, 'dx'),
    importExport: newestFirst(disk, 'ie'),
    answerSize,
  }));

const someOf = <T extends string>(values: readonly T[]) =>
  fc.subarray([...values], { minLength: 1 }).map((chosen) => chosen.toSorted());

const date = fc.integer({ min: 0, max: 200 }).map((seconds) => new Date(seconds * 1_000));

const filter: fc.Arbitrary<JobFilter> = fc.oneof(
  fc.record({ states: someOf(states) }),
  fc.record({ states: someOf(states), createdAfter: date }),
  fc.record({ createdAfter: date }),
  fc.record({ createdBefore: date, states: someOf(states) }),
  fc.record({ types: someOf(types) }),
  fc.record({ direction: fc.constantFrom('EXPORT' as const, 'IMPORT' as const), states: someOf(states) }),
);

const unused = (): Promise<never> => Promise.reject(new Error('no part of a list'));

function dataExchangeOf({ dataExchange, answerSize }: World, onCall: () => void): DataExchangeBackend {
  return {
    createJob: unused,
    startJob: unused,
    cancelJob: unused,
    getJob: unused,
    listJobs: async ({ limit, nextToken }) => {
      onCall();
      const start = nextToken === undefined ? 0 : dataExchange.findIndex(({ id }) => id === nextToken) + 1;
      const end = start + Math.min(limit, answerSize);
      const nextPage = end < dataExchange.length ? (dataExchange[end - 1]?.id ?? null) : null;
      return { jobs: dataExchange.slice(start, end).map(exchangeJob), nextToken: nextPage };
    },
  };
}

function exchangeJob({ id, type, state, createdAt }: World['dataExchange'][number]): DataExchangeJob {
  const date = new Date(createdAt);
  return {
    ...{ service: 'DATA_EXCHANGE', awsJobId: id, arn: null, type, typeCode: type, state, stateCode: state },
    ...{ createdAt: date, updatedAt: date, details: null, errors: [] },
  };
}

function importExportOf({ importExport, answerSize }: World, onCall: () => void): ImportExportBackend {
  return {
    createJob: unused,
    updateJob: unused,
    cancelJob: unused,
    getDocuments: unused,
    getShippingLabel: unused,
    getStatus: async (awsJobId) => {
      onCall();
      const found = importExport.find(({ id }) => id === awsJobId);
      if (found === undefined || found.isBroken) throw broken;
      return statusOf(found);
    },
    listJobs: async ({ limit, afterAwsJobId }) => {
      onCall();
      const start = afterAwsJobId === undefined ? 0 : importExport.findIndex(({ id }) => id === afterAwsJobId) + 1;
      const end = start + Math.min(limit, answerSize);
      const nextMarker = end < importExport.length ? (importExport[end - 1]?.id ?? null) : null;
      return { jobs: importExport.slice(start, end).map(diskJob), nextMarker };
    },
  };
}

const broken = new BackendError({ service: 'IMPORT_EXPORT', code: 'UPSTREAM_BAD_RESPONSE', message: 'Unreadable.' });

function diskJob({ id, direction, createdAt, state }: World['importExport'][number]): ListedImportExportJob {
  const listed = { service: 'IMPORT_EXPORT', awsJobId: id, direction, createdAt: new Date(createdAt) } as const;
  return state === 'CANCELLED' ? { ...listed, state } : listed;
}

function statusOf({ id, direction, createdAt, state }: World['importExport'][number]): ImportExportStatus {
  const progress = { code: state, message: null, errorCount: null, log: null };
  return { awsJobId: id, direction, createdAt: new Date(createdAt), state, progress, device: null };
}

function contextOf(of: World, onCall: () => void): ListContext {
  const backends: Backends = {
    dataExchange: dataExchangeOf(of, onCall),
    importExport: importExportOf(of, onCall),
    catalog: {} as CatalogBackend,
  };
  const { signal } = new AbortController();
  const logged = new Map(
    of.importExport.flatMap(({ id, isLogged, state }) => (isLogged ? [[id, state] as const] : [])),
  );
  const watcher = { lastState: ({ awsJobId }) => logged.get(awsJobId) } as Partial<Watcher> as Watcher;
  return { backends, signal, watcher, now: () => 0, loaders: createLoaders(backends, () => signal) };
}

/** The log decides a job only by a finished state, and a list by a cancelled one. */
function needsRead({ states: wanted }: JobFilter, { isLogged, state }: Job): boolean {
  return wanted !== undefined && state !== 'CANCELLED' && !(isLogged && finished.includes(state));
}

function isOfKind(of: JobFilter, service: 'dx' | 'ie', { createdAt, type, direction }: Job): boolean {
  if (of.types !== undefined && (service === 'ie' || !of.types.includes(type))) return false;
  if (of.direction !== undefined && (service === 'dx' || of.direction !== direction)) return false;
  return createdAt >= Number(of.createdAfter ?? 0) && createdAt < Number(of.createdBefore ?? Infinity);
}

/** The ids of the jobs that must come, in the order of their service. Those that cannot be read come as `null`. */
function expectedOf(of: JobFilter, { dataExchange, importExport }: World) {
  const isOfState = ({ state }: Job) => of.states === undefined || of.states.includes(state);
  const exchange = dataExchange.filter((each) => isOfKind(of, 'dx', each) && isOfState(each));
  const disk = importExport.filter((each) => isOfKind(of, 'ie', each));
  const isUnread = (each: Job) => each.isBroken && needsRead(of, each);
  return {
    dataExchange: exchange.map(({ id }) => id),
    importExport: disk.filter((each) => !isUnread(each) && isOfState(each)).map(({ id }) => id),
    unread: disk.filter(isUnread).length,
  };
}

const context = { caller: localCaller, cursorKey: new Uint8Array(32) };

interface Run {
  readonly of: JobFilter;
  readonly size: number;
  readonly calls: number;
}

/** Reads all pages, each from the cursor of the page before. */
async function readAll(in_: World, { of, size, calls }: Run, onPage: (pages: number) => World = () => in_) {
  const taken: (BackendError | { readonly id: string; readonly createdAt: number })[] = [];
  let start = {};
  for (let pages = 0; pages < 500; pages += 1) {
    let made = 0;
    const now = onPage(pages);
    const onCall = () => {
      made += 1;
    };
    const budget = new WalkBudget(() => 0, calls);
    const page = await listPage({ start, filter: of, size, budget }, contextOf(now, onCall));
    // The first list of each service, and a status that each walk may read in any case. A list that has grown is walked
    // to the position first.
    if (now === in_) expect(made).toBeLessThanOrEqual(2 + calls + 1);
    expect(page.failures).toEqual([]);
    expect(page.taken.length).toBeLessThanOrEqual(size);
    for (const { job: each } of page.taken)
      taken.push(each instanceof BackendError ? each : { id: each.awsJobId, createdAt: Number(each.createdAt) });
    if (!page.hasMore) return taken;
    start = positionsFrom(cursorFrom(page.end, of, context), of, context) ?? { lost: true };
  }
  throw new Error('expected the pages to end');
}

function idsBy(prefix: string, taken: Awaited<ReturnType<typeof readAll>>): readonly string[] {
  return taken.flatMap((each) => (!(each instanceof BackendError) && each.id.startsWith(prefix) ? [each.id] : []));
}

const run = fc.record({ of: filter, size: fc.integer({ min: 1, max: 12 }), calls: fc.integer({ min: 1, max: 20 }) });

test('all pages together bring exactly the jobs of the filter, each once, newest first over all pages', async () => {
  await fc.assert(
    fc.asyncProperty(world, run, async (in_, each) => {
      const taken = await readAll(in_, each);
      const expected = expectedOf(each.of, in_);
      expect(idsBy('dx', taken)).toEqual(expected.dataExchange);
      expect(idsBy('ie', taken)).toEqual(expected.importExport);
      expect(taken.filter((entry) => entry instanceof BackendError)).toHaveLength(expected.unread);
      const times = taken.flatMap((entry) => (entry instanceof BackendError ? [] : entry.createdAt));
      expect(times).toEqual(times.toSorted((a, b) => b - a));
    }),
    { numRuns: 400 },
  );
});

test('jobs that appear between the pages displace none of those that were there', async () => {
  await fc.assert(
    fc.asyncProperty(world, run, fc.array(job, { minLength: 1, maxLength: 3 }), async (in_, each, added) => {
      const later = (prefix: string, pages: number) =>
        Array.from({ length: pages }, (_, page) =>
          added.map((one, index) => ({ ...one, createdAt: 1_000_000 + page, id: `${prefix}${page}n${index}` })),
        )
          .toReversed()
          .flat();
      const taken = await readAll(in_, each, (pages) => ({
        ...in_,
        dataExchange: [...later('newDx', pages), ...in_.dataExchange],
        importExport: [...later('newIe', pages), ...in_.importExport],
      }));
      const expected = expectedOf(each.of, in_);
      expect(idsBy('dx', taken)).toEqual(expected.dataExchange);
      expect(idsBy('ie', taken)).toEqual(expected.importExport);
    }),
    { numRuns: 200 },
  );
});

test('a walk does not read statuses of jobs that are older than a full page of the other service', async () => {
  const base = { type: 'UNKNOWN', direction: 'IMPORT', isLogged: false, isBroken: false } as const;
  const recent = Array.from({ length: 30 }, (_, index) => ({
    ...base,
    state: 'FAILED' as const,
    createdAt: 100_000 + index,
  }));
  const old = Array.from({ length: 200 }, (_, index) => ({ ...base, state: 'WAITING' as const, createdAt: index }));
  const in_ = { dataExchange: newestFirst(recent, 'dx'), importExport: newestFirst(old, 'ie'), answerSize: 1_000 };
  let made = 0;
  const onCall = () => {
    made += 1;
  };
  const page = await listPage({ start: {}, filter: { states: ['FAILED'] }, size: 20 }, contextOf(in_, onCall));
  expect(page.taken).toHaveLength(20);
  expect(page.hasMore).toBe(true);
  // Two lists, and the statuses that are read together with them.
  expect(made).toBe(2 + 16);
});

test('a page of a slow service ends early, and the pages together bring every job', async () => {
  const base = { type: 'UNKNOWN', direction: 'IMPORT', isLogged: false, isBroken: false } as const;
  const waiting = Array.from({ length: 40 }, (_, index) => ({ ...base, state: 'WAITING' as const, createdAt: index }));
  const in_ = { dataExchange: [], importExport: newestFirst(waiting, 'ie'), answerSize: 1_000 };
  let now = 0;
  const slow = contextOf(in_, () => {
    now += 1_000;
  });
  const reads: number[] = [];
  const found: string[] = [];
  let start = {};
  for (let more = true; more && reads.length < 50; ) {
    const before = now;
    const filter = { states: ['WAITING'] } as const;
    const page = await listPage({ start, filter, size: 100 }, { ...slow, now: () => now });
    reads.push((now - before) / 1_000);
    found.push(...page.taken.flatMap(({ job: each }) => (each instanceof BackendError ? [] : [each.awsJobId])));
    start = page.end;
    more = page.hasMore;
  }
  expect(found).toEqual(in_.importExport.map(({ id }) => id));
  // Each page: both lists, and the statuses that are read together until the time is over. The last one finds the end.
  expect(reads).toEqual([18, 18, 10, 2]);
});
