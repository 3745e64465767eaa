import { expect, test } from 'vitest';
import type { ImportExportJob } from '../../../src/model/import-export-job.ts';
import { KnownJobs } from '../../../src/watch/known-jobs.ts';

const beganAt = Date.parse('2026-01-01T00:00:00Z');

function jobOf(awsJobId: string, secondsLater: number): ImportExportJob {
  return { service: 'IMPORT_EXPORT', awsJobId, createdAt: new Date(beganAt + secondsLater * 1_000) };
}

function begun(jobs: readonly ImportExportJob[], isWhole: boolean): KnownJobs {
  const known = new KnownJobs();
  known.begin(beganAt);
  known.add(jobs, isWhole);
  return known;
}

test('a job is new once, even if it was created before one that was listed earlier', () => {
  const known = begun([jobOf('A', -10)], true);
  known.add([jobOf('A', -10), jobOf('B', 20)], true);
  const late = jobOf('C', 5);
  expect(known.isNew(late)).toBe(true);
  known.add([jobOf('B', 20), late, jobOf('A', -10)], true);
  known.add([jobOf('B', 20), jobOf('A', -10)], true);
  expect([late, jobOf('A', -10), jobOf('B', 20)].map((job) => known.isNew(job))).toEqual([false, false, false]);
});

test('a job dated before all known ones is new if the first list was whole', () => {
  expect(begun([jobOf('A', -10)], true).isNew(jobOf('B', -3_600))).toBe(true);
  expect(begun([], true).isNew(jobOf('B', -3_600))).toBe(true);
});

test('a job older than the end of a partial first list is old', () => {
  const known = begun([jobOf('A', -10), jobOf('B', -20)], false);
  expect([jobOf('C', -15), jobOf('D', -20), jobOf('E', -30)].map((job) => known.isNew(job))).toEqual([
    true,
    false,
    false,
  ]);
});

test('jobs of the first list are old, unless they were created since watching began', () => {
  const known = new KnownJobs();
  known.begin(beganAt);
  expect([jobOf('A', -1), jobOf('B', 0)].map((job) => known.isNew(job))).toEqual([false, true]);
});

test('a job created in the second in which watching began is new unless its date has milliseconds before that', () => {
  const known = new KnownJobs();
  known.begin(beganAt + 500);
  const isNew = [0, 0.25, 0.499, 0.5, 0.75, 1, -0.001].map((seconds) => known.isNew(jobOf('A', seconds)));
  expect(isNew).toEqual([true, false, false, true, true, true, false]);
});

test('if it begins earlier after all, the jobs created since then are new again, and no others', () => {
  const known = begun([jobOf('A', -10.5), jobOf('B', -5), jobOf('C', 0)], true);
  expect(known.beginEarlier(beganAt)).toBe(false);
  expect(known.beginEarlier(beganAt - 5_500)).toBe(true);
  expect([jobOf('A', -10.5), jobOf('B', -5), jobOf('C', 0)].map((job) => known.isNew(job))).toEqual([
    false,
    true,
    true,
  ]);
  expect(known.beginEarlier(beganAt - 5_500)).toBe(false);
});

test('at most ten thousand jobs are remembered, and a forgotten job is not new', () => {
  const known = begun([], true);
  const jobs = Array.from({ length: 10_001 }, (_, index) => jobOf(`J${index}`, index));
  known.add(jobs, true);
  expect(jobs.filter((job) => known.has(job.awsJobId))).toHaveLength(5_000);
  expect(jobs.filter((job) => known.isNew(job))).toEqual([]);
  expect(known.isNew(jobOf('K', 9_000))).toBe(true);
});
