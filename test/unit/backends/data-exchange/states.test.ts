import { expect, test } from 'vitest';
import type { DataExchangeBackend } from '../../../../src/backends/backend.ts';
import { dataExchangeStates, pagesWorthReading } from '../../../../src/backends/data-exchange/states.ts';
import type { DataExchangeJob } from '../../../../src/model/data-exchange-job.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import type { JobState } from '../../../../src/model/job-state.ts';
import { CallBudget } from '../../../../src/watch/budget.ts';
import type { Watched } from '../../../../src/watch/state-source.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const never = new AbortController().signal;
const pageSize = 200;

/** A service with `size` jobs, the newest first, each a second older than the one before it. */
class Service {
  /** What GetJob answers, by id. */
  readonly jobs = new Map<string, DataExchangeJob>();
  /** What lists answer instead, by id. */
  readonly listed = new Map<string, DataExchangeJob>();
  readonly calls = { getJob: [] as string[], listJobs: 0 };
  getJobFails: BackendError | undefined;
  listJobsFails: BackendError | undefined;
  readonly source;

  constructor(size: number) {
    for (let position = 0; position < size; position += 1) this.set(position, 'WAITING');
    this.source = dataExchangeStates(this.#backend, new CallBudget(new FakeClock(), 1_000_000));
  }

  set(position: number, state: JobState, updatedAt = 0): DataExchangeJob {
    const job = jobOf(position, state, updatedAt);
    this.jobs.set(job.awsJobId, job);
    return job;
  }

  /** Reads the jobs at `positions`. All are watched; `observed` has their last observations, where there are any. */
  async read(positions: readonly number[], observed: readonly DataExchangeJob[] = []) {
    this.calls.getJob.length = 0;
    this.calls.listJobs = 0;
    const observations = new Map(observed.map((job) => [job.awsJobId, { job, state: job.state }]));
    const ids = positions.map(idOf);
    const watched = new Map<string, Watched>(
      ids.map((id) => [id, { latest: observations.get(id), priorState: undefined }]),
    );
    const { byJob } = await this.source.read(ids, watched, never);
    const outcomes = ids.map((id) => byJob.get(id));
    const states = outcomes.map((reading) => (reading?.outcome === 'observed' ? reading.state : reading?.outcome));
    return { states, outcomes, calls: [this.calls.listJobs, this.calls.getJob.length] };
  }

  readonly #backend: DataExchangeBackend = {
    createJob: refused,
    startJob: refused,
    cancelJob: refused,
    getJob: async (id) => {
      this.calls.getJob.push(id);
      await undefined;
      if (this.getJobFails !== undefined) throw this.getJobFails;
      const job = this.jobs.get(id);
      if (job === undefined) throw failure('NOT_FOUND');
      return job;
    },
    listJobs: async ({ limit, nextToken = '0' }) => {
      this.calls.listJobs += 1;
      if (this.listJobsFails !== undefined) throw this.listJobsFails;
      const begin = Number(nextToken);
      const jobs = [...this.jobs.values()].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
      const page = jobs.slice(begin, begin + limit).map((job) => this.listed.get(job.awsJobId) ?? job);
      return { jobs: page, nextToken: begin + limit < jobs.length ? String(begin + limit) : null };
    },
  };
}

async function refused(): Promise<never> {
  throw new Error('expected only reads');
}

function failure(code: 'ACCESS_DENIED' | 'NOT_FOUND' | 'UPSTREAM_THROTTLED', retryAfterMs?: number): BackendError {
  return new BackendError({
    service: 'DATA_EXCHANGE',
    code,
    message: code,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function idOf(position: number): string {
  return `job${position}`;
}

function jobOf(position: number, state: JobState, updatedAt: number): DataExchangeJob {
  const codes = { type: 'UNKNOWN', typeCode: 'X', state, stateCode: state } as const;
  const times = { createdAt: new Date(1e12 - position * 1_000), updatedAt: new Date(1e12 + updatedAt) };
  return { service: 'DATA_EXCHANGE', awsJobId: idOf(position), arn: '', ...codes, ...times, details: null, errors: [] };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

test('1,000 watched jobs are read by five pages and no GetJob', async () => {
  const service = new Service(1_000);
  const { states, calls } = await service.read(range(0, 1_000));
  expect(calls).toEqual([1_000 / pageSize, 0]);
  expect(new Set(states)).toEqual(new Set(['WAITING']));
});

test('200 jobs that are all on the second page are read by two pages and no GetJob', async () => {
  const service = new Service(450);
  expect((await service.read(range(200, 400))).calls).toEqual([2, 0]);
  expect((await service.read(range(200, 400))).calls).toEqual([2, 0]);
});

test('A walk that finds nothing ends when it has cost as much as reading the missing jobs one by one', async () => {
  const service = new Service(4_000);
  expect((await service.read(range(3_900, 3_940))).calls).toEqual([5, 40]);
});

test('Three old jobs are read one by one once it is known which pages they are on', async () => {
  const service = new Service(2_000);
  const old = [1_900, 1_950, 1_999];
  await service.read(range(0, 2_000));
  const observed = old.map((position) => jobOf(position, 'WAITING', 0));
  expect((await service.read(old, observed)).calls).toEqual([0, 3]);
});

test('Three jobs of unknown age are read one by one after a page without them', async () => {
  const service = new Service(2_000);
  const { states, calls } = await service.read([1_900, 1_950, 1_999]);
  expect(calls).toEqual([1, 3]);
  expect(states).toEqual(['WAITING', 'WAITING', 'WAITING']);
});

test('One or two jobs are read by GetJob, three by a page', async () => {
  const service = new Service(10);
  expect((await service.read([0])).calls).toEqual([0, 1]);
  expect((await service.read([0, 1])).calls).toEqual([0, 2]);
  expect((await service.read([0, 1, 2])).calls).toEqual([1, 0]);
});

test('Any number of steps forward on a page is accepted without a GetJob', async () => {
  const service = new Service(150);
  for (const position of range(0, 100)) service.set(position, position % 2 === 0 ? 'IN_PROGRESS' : 'COMPLETED', 1);
  const known = new Map<string, Watched>(
    range(0, 150).map((position) => [idOf(position), { latest: undefined, priorState: 'WAITING' }]),
  );
  const { byJob } = await service.source.read(range(0, 150).map(idOf), known, never);
  expect([service.calls.listJobs, service.calls.getJob]).toEqual([1, []]);
  expect([...byJob.values()].filter(({ outcome }) => outcome !== 'observed')).toEqual([]);
});

test('A page older than the last observation gives an unconfirmed reading, without a GetJob', async () => {
  const service = new Service(10);
  const observed = service.set(3, 'IN_PROGRESS', 2);
  service.listed.set(idOf(3), jobOf(3, 'WAITING', 1));
  const { states, calls } = await service.read(range(0, 5), [observed]);
  expect([states[3], calls]).toEqual(['unconfirmed', [1, 0]]);
  expect(await service.source.confirm(idOf(3), never)).toMatchObject({ outcome: 'observed', state: 'IN_PROGRESS' });
});

test('A page with an earlier state than the one before the watch gives an unconfirmed reading', async () => {
  const service = new Service(10);
  const watched = new Map<string, Watched>(
    range(0, 5).map((position) => [idOf(position), { latest: undefined, priorState: 'IN_PROGRESS' }]),
  );
  const { byJob } = await service.source.read(range(0, 5).map(idOf), watched, never);
  expect([...byJob.values()]).toEqual(Array(5).fill({ outcome: 'unconfirmed' }));
  expect(service.calls.getJob).toEqual([]);
});

test('After a throttled page nothing is read, and each reading has its Retry-After', async () => {
  const service = new Service(10);
  service.listJobsFails = failure('UPSTREAM_THROTTLED', 4_000);
  const { outcomes, calls } = await service.read(range(0, 5));
  expect(calls).toEqual([1, 0]);
  expect(outcomes).toEqual(Array(5).fill({ outcome: 'failed', retryAfterMs: 4_000 }));
});

test('After a throttled GetJob the waiting ones are not made', async () => {
  const service = new Service(500);
  service.listJobsFails = failure('ACCESS_DENIED');
  service.getJobFails = failure('UPSTREAM_THROTTLED', 4_000);
  const { outcomes } = await service.read(range(0, 100));
  expect(service.calls.getJob.length).toBeLessThanOrEqual(16);
  expect(outcomes).toEqual(Array(100).fill({ outcome: 'failed', retryAfterMs: 4_000 }));
});

test.each(['ACCESS_DENIED', 'NOT_FOUND'] as const)(
  'If lists fail with %s, each job is read by GetJob',
  async (code) => {
    const service = new Service(10);
    service.listJobsFails = failure(code);
    const { states, calls } = await service.read(range(0, 10));
    expect(calls).toEqual([1, 10]);
    expect(new Set(states)).toEqual(new Set(['WAITING']));
  },
);

test('A job that neither a page nor GetJob has is gone', async () => {
  const service = new Service(10);
  const { states, calls } = await service.read([...range(0, 5), 77]);
  expect([states[5], calls]).toEqual(['gone', [1, 1]]);
});

test('A page also gives readings of other watched jobs, and only of those', async () => {
  const service = new Service(10);
  const watched = new Map(
    range(0, 6).map((position) => [idOf(position), { latest: undefined, priorState: undefined }]),
  );
  const { byJob, newest } = await service.source.read(range(0, 3).map(idOf), watched, never);
  expect([...byJob.keys()].toSorted()).toEqual(range(0, 6).map(idOf));
  expect(newest?.observed).toHaveLength(10);
});

test.each([
  ['no jobs and no pages', [], [], 0],
  ['one job of unknown age', [Number.NEGATIVE_INFINITY], [], 0],
  ['three jobs of unknown age', Array(3).fill(Number.NEGATIVE_INFINITY), [], 1],
  ['three jobs on the first known page', [99, 98, 97], [50, 0], 1],
  ['two jobs on the second page', [49, 48], [50, 0], 0],
  ['five jobs on the second page', [49, 48, 47, 46, 45], [50, 0], 2],
  ['five jobs on the first page and one on the second', [99, 98, 97, 96, 95, 10], [50, 0], 1],
  ['many jobs beyond the known pages', Array(300).fill(-10), [50, 0], 3],
  ['many jobs as old as the last one of the page', Array(300).fill(50), [50], 2],
])('pagesWorthReading takes the fewest calls for %s', (_what, createdAt, pageEnds, pages) => {
  expect(pagesWorthReading(createdAt, pageEnds)).toBe(pages);
});
