/** What the answers to requests may add to the log, and what they may not. */
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
    watcher: () => ({ isActivityWatched: () => isActivityWatched, isWatched: () => isActivityWatched }),
  });
  log.follow((entry) => entries.push(entry));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const see = async (
    job: DataExchangeJob | ImportExportJob,
    source: AnswerKind,
    start = answerRecorder.startCall(),
  ) => {
    answerRecorder.record([{ job, state: job.state ?? 'UNKNOWN' }], source, start);
    await settled();
    await clock.advance(10);
  };
  const steps = () => entries.map(({ kind, from, to }) => `${kind}: ${from} -> ${to}`);
  return { clock, log, entries, answerRecorder, see, steps, settled };
}

describe('a state that was seen', () => {
  test('is recorded as a first sight without what a job was asked to do, and once', async () => {
    const { see, steps, entries } = world();
    const job = { ...dataExchangeJob('WAITING', 1), errors: [errorOf('A')] };
    await see(job, 'list');
    await see(job, 'read');
    expect(steps()).toEqual(['first: null -> WAITING']);
    expect(entries[0]?.job).toMatchObject({ details: null, errors: [] });
  });

  test('is the appearance of the job where the gateway has made it while somebody waits for new jobs', async () => {
    const { see, steps } = world({ isActivityWatched: true });
    await see(dataExchangeJob('WAITING', 1), 'create');
    await see(dataExchangeJob('IN_PROGRESS', 2), 'read');
    expect(steps()).toEqual(['appeared: null -> WAITING', 'changed: WAITING -> IN_PROGRESS']);
  });

  test('is no more than a first sight of a job that the gateway has made while nobody waits for new jobs', async () => {
    const { see, steps } = world();
    await see(dataExchangeJob('WAITING', 1), 'create');
    expect(steps()).toEqual(['first: null -> WAITING']);
  });

  test.each(['list', 'read'] as const)('goes forward whenever the %s was asked for', async (source) => {
    const { see, steps, answerRecorder } = world();
    const early = answerRecorder.startCall();
    await see(importExportJob('WAITING'), 'read');
    await see(importExportJob('COMPLETED'), source, early);
    expect(steps()).toEqual(['first: null -> WAITING', 'changed: WAITING -> COMPLETED']);
  });

  test('goes back only by a read that was begun after the last observation', async () => {
    const { see, steps, answerRecorder } = world();
    const early = answerRecorder.startCall();
    await see(importExportJob('IN_PROGRESS'), 'read');
    await see(importExportJob('WAITING'), 'read', early);
    await see(importExportJob('UNKNOWN'), 'read', early);
    await see(importExportJob('WAITING'), 'list');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS']);
    await see(importExportJob('WAITING'), 'read');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS', 'changed: IN_PROGRESS -> WAITING']);
  });

  test('goes back by a list only where the service says that it changed the job since', async () => {
    const { see, steps } = world();
    await see(dataExchangeJob('IN_PROGRESS', 5), 'read');
    await see(dataExchangeJob('WAITING', 5), 'list');
    await see(dataExchangeJob('COMPLETED', 4), 'read');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS']);
    await see(dataExchangeJob('WAITING', 6), 'list');
    expect(steps()).toEqual(['first: null -> IN_PROGRESS', 'changed: IN_PROGRESS -> WAITING']);
  });
});

test('no more than a page is under way to a store that does not answer, and no more than a thousand wait', async () => {
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

test('what the log refuses because another gateway wrote is tried again only as a step forward', async () => {
  const { log, answerRecorder, see, entries, settled } = world();
  await see(importExportJob('WAITING'), 'read');
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

test('of a job that is not held any more it is known that nothing newer was heard', () => {
  let now = 0;
  const heard = new LastLogged(() => now, 2);
  const jobs = ['a', 'b', 'c', 'd'].map((id) => dataExchangeJob('WAITING', 1, id));
  for (const job of jobs) {
    now += 1;
    heard.note(job);
  }
  expect(jobs.map((job) => heard.of(job).at)).toEqual([2, 2, 3, 4]);
  expect(jobs.map((job) => heard.of(job).updatedAt?.getTime())).toEqual([undefined, undefined, 1, 1]);
});

function errorOf(code: string): DataExchangeJob['errors'][number] {
  return { code, message: code, limit: null, resource: null, assetName: null, sources: [] };
}
