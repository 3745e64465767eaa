/** Which states of answers are added to the log. */
import { describe, expect, test } from 'vitest';
import type { DataExchangeJob } from '../../../../src/model/data-exchange-job.ts';
import type { ImportExportJob } from '../../../../src/model/import-export-job.ts';
import type { JobState } from '../../../../src/model/job-state.ts';
import { type AnswerKind, AnswerRecorder } from '../../../../src/watch/history/answer-recorder.ts';
import { LastLogged } from '../../../../src/watch/history/last-logged.ts';
import { MemoryTransitionLog } from '../../../../src/watch/history/memory-transition-log.ts';
import type { Transition } from '../../../../src/watch/history/transition-log.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function dataExchangeJob(state: JobState, updatedAt: number, awsJobId = 'a'): DataExchangeJob {
  return {
    service: 'DATA_EXCHANGE',
    awsJobId,
    arn: null,
    type: 'UNKNOWN',
    typeCode: 'NEW',
    state,
    stateCode: state,
    createdAt: new Date(0),
    updatedAt: new Date(updatedAt),
    details: null,
    errors: [],
  };
}

function importExportJob(state: JobState): ImportExportJob {
  return { service: 'IMPORT_EXPORT', awsJobId: 'AAAAA', state };
}

function world({ isActivityWatched = false } = {}) {
  const clock = new FakeClock();
  const log = new MemoryTransitionLog('log');
  const entries: Transition[] = [];
  const answerRecorder = new AnswerRecorder({
    log,
    clock,
    assignment: { fencingTokens: () => ({}) },
    watcher: () => ({
      isActivityWatched: () => isActivityWatched,
      isWatched: () => isActivityWatched,
      latest: () => undefined,
    }),
  });
  log.follow((entry) => entries.push(entry));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const record = async (
    job: DataExchangeJob | ImportExportJob,
    source: AnswerKind,
    start = answerRecorder.startCall(),
  ) => {
    answerRecorder.record([{ job, state: job.state ?? 'UNKNOWN' }], source, start);
    await settled();
    await clock.advance(10);
  };
  const steps = () => entries.map(({ kind, from, to }) => `${kind}: ${from} -> ${to}`);
  return { clock, log, entries, answerRecorder, record, steps, settled };
}

describe('a state in an answer', () => {
  test('is recorded once as a first observation, without details', async () => {
    const { record, steps, entries } = world();
    const job = { ...dataExchangeJob('WAITING', 1), errors: [errorOf('A')] };
    await record(job, 'list');
    await record(job, 'read');
    expect(steps()).toEqual(['first: null -> WAITING']);
    expect(entries[0]?.job).toMatchObject({ details: null, errors: [] });
  });

  test('has the direction and the date of the job, if an earlier one did and the answer to a cancel does not', async () => {
    const { record, entries } = world();
    const facts = { direction: 'EXPORT', createdAt: new Date(1_000) } as const;
    await record({ ...importExportJob('WAITING'), ...facts }, 'read');
    await record(importExportJob('CANCELLED'), 'read');
    expect(entries.map(({ job }) => job)).toMatchObject([
      { state: 'WAITING', ...facts },
      { state: 'CANCELLED', ...facts },
    ]);
  });

  test('is the appearance of the job if the gateway has created it while activity is watched', async () => {
    const { record, steps } = world({ isActivityWatched: true });
    await record(dataExchangeJob('WAITING', 1), 'create');
    await record(dataExchangeJob('IN_PROGRESS', 2), 'read');
    expect(steps()).toEqual(['appeared: null -> WAITING', 'changed: WAITING -> IN_PROGRESS']);
  });

  test('is only a first observation of a job that the gateway has created while no activity is watched', async () => {
    const { record, steps } = world();
    await record(dataExchangeJob('WAITING', 1), 'create');
    expect(steps()).toEqual(['first: null -> WAITING']);
  });

  test.each(['list', 'read'] as const)('goes forward whenever the %s was requested', async (source) => {
    const { record, steps, answerRecorder } = world();
    const early = answerRecorder.startCall();
    await record(importExportJob('WAITING'), 'read');
    await record(importExportJob('COMPLETED'), source, early);
    expect(steps()).toEqual(['first: null -> WAITING', 'changed: WAITING -> COMPLETED']);
  });

  test('goes back only by a read that began after the last observation', async () => {
    const { record, steps, answerRecorder } = world();
    const early = answerRecorder.startCall();
    await record(importExportJob('IN_PROGRESS'), 'read');
    await record(importExportJob('WAITING'), 'read', early);
    await record(importExportJob('UNKNOWN'), 'read', early);
    await record(importExportJob('WAITING'), 'list');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS']);
    await record(importExportJob('WAITING'), 'read');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS', 'changed: IN_PROGRESS -> WAITING']);
  });

  test('goes back by a list only if the service says that it changed the job since', async () => {
    const { record, steps } = world();
    await record(dataExchangeJob('IN_PROGRESS', 5), 'read');
    await record(dataExchangeJob('WAITING', 5), 'list');
    await record(dataExchangeJob('COMPLETED', 4), 'read');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS']);
    await record(dataExchangeJob('WAITING', 6), 'list');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS', 'changed: IN_PROGRESS -> WAITING']);
  });
});

test('at most one page is being written to a store that does not answer, and at most a thousand answers wait', async () => {
  const { log, answerRecorder, settled } = world();
  const appended = new Set<string>();
  let release = (): void => {};
  const answer = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined);
  });
  log.append = (_expected, { job }) => {
    appended.add(job.awsJobId);
    return answer;
  };
  for (let page = 0; page < 50; page += 1) {
    const jobs = Array.from({ length: 200 }, (_, index) => dataExchangeJob('WAITING', 1, `${page}-${index}`));
    const observed = jobs.map((job) => ({ job, state: job.state }));
    answerRecorder.record(observed, 'list', answerRecorder.startCall());
  }
  expect(appended.size).toBe(200);
  release();
  await settled();
  expect(appended.size).toBe(1_200);
});

test('what was recorded counts as written once all of it is in the log', async () => {
  const { log, answerRecorder, settled } = world();
  const append = log.append.bind(log);
  const pending: (() => void)[] = [];
  log.append = async (...args) => {
    await new Promise<void>((resolve) => pending.push(resolve));
    return append(...args);
  };
  const jobs = Array.from({ length: 250 }, (_, index) => dataExchangeJob('WAITING', 1, `${index}`));
  answerRecorder.record(
    jobs.map((job) => ({ job, state: job.state })),
    'list',
    answerRecorder.startCall(),
  );
  let isWritten = false;
  const ended = answerRecorder.written().then(() => {
    isWritten = true;
  });
  for (let written = 0; written < 249; written += 1) {
    expect(isWritten).toBe(false);
    pending.shift()?.();
    await settled();
  }
  expect(isWritten).toBe(false);
  pending.shift()?.();
  await ended;
  expect(jobs.filter((job) => log.last(job)?.to !== 'WAITING')).toEqual([]);
  await answerRecorder.written();
});

test('an answer that the log refuses because another gateway wrote is retried only as a step forward', async () => {
  const { log, answerRecorder, record, entries, settled } = world();
  await record(importExportJob('WAITING'), 'read');
  const append = log.append.bind(log);
  const overtaken = log.append;
  log.append = async (expected, transition) => {
    log.append = overtaken;
    await append(expected, { ...transition, to: 'IN_PROGRESS' });
    return append(expected, transition);
  };
  const job = importExportJob('COMPLETED');
  answerRecorder.record([{ job, state: 'COMPLETED' }], 'read', answerRecorder.startCall());
  await settled();
  expect(entries.map(({ to }) => to)).toEqual(['WAITING', 'IN_PROGRESS', 'COMPLETED']);
});

test('the time of a dropped job is the latest time of all dropped jobs', () => {
  let now = 0;
  const logged = new LastLogged(() => now, 2);
  const jobs = ['a', 'b', 'c', 'd'].map((id) => dataExchangeJob('WAITING', 1, id));
  for (const job of jobs) {
    now += 1;
    logged.note(job);
  }
  expect(jobs.map((job) => logged.of(job).at)).toEqual([2, 2, 3, 4]);
  expect(jobs.map((job) => logged.of(job).updatedAt?.getTime())).toEqual([undefined, undefined, 1, 1]);
});

function errorOf(code: string): DataExchangeJob['errors'][number] {
  return { code, message: code, hint: null, limit: null, resource: null, assetName: null, sources: [] };
}
