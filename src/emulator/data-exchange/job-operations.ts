/** The five operations on jobs (Data Exchange API reference). */
import { type Answer, emptyAnswer, jsonAnswer } from '../answer.ts';
import type { SignedUrlStore } from '../signed-urls/signed-url-store.ts';
import { type Call, idLabel, pageAnswer } from './call.ts';
import type { Catalog } from './catalog.ts';
import { notFound } from './errors.ts';
import { type Job, jobForm } from './job.ts';
import { jobRequestFrom } from './job-request.ts';
import type { Jobs } from './jobs.ts';
import type { PageTokens } from './page-tokens.ts';
import { checkReferences } from './references.ts';
import { jsonFrom, withoutNulls } from './request-body.ts';

export interface JobPlaces {
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly signedUrls: SignedUrlStore;
  readonly tokens: PageTokens;
  /** Whether the page behind the job `lastId` begins with it once more. */
  readonly isRepeated: (lastId: string) => boolean;
}

export function createJob(call: Call, { jobs, catalog, signedUrls }: JobPlaces): Answer {
  const body = jsonFrom(call.body);
  const request = jobRequestFrom(body);
  checkReferences(request, catalog);
  const md5Hash = request.uploadMd5Hash;
  const job = jobs.add(request, call.at, {
    assetConfiguration: assetConfigurationOf(body),
    upload: md5Hash === undefined ? undefined : signedUrls.issue({ method: 'PUT', md5Hash }, call.at),
  });
  return jsonAnswer(201, jobForm(job));
}

export function getJob(call: Call, { jobs }: JobPlaces): Answer {
  return jsonAnswer(200, jobForm(jobOf(call, jobs)));
}

/** How the filters combine is unknown: here both must match, and a destination's revision counts. */
export function listJobs(call: Call, { jobs, tokens, isRepeated }: JobPlaces): Answer {
  const dataSetId = call.query.get('dataSetId');
  const revisionId = call.query.get('revisionId');
  const isWanted = ({ request }: Job) =>
    (dataSetId === null || request.details.DataSetId === dataSetId) &&
    (revisionId === null || request.revisionIds.includes(revisionId));
  const items = (afterId?: string) => {
    const repeated = afterId !== undefined && isRepeated(afterId) ? jobs.get(afterId) : undefined;
    const rest = filtered(jobs.newestFirst(afterId), isWanted);
    return rest && beginning(repeated, rest);
  };
  return pageAnswer(call, tokens, { member: 'Jobs', items, form: jobForm });
}

export function startJob(call: Call, { jobs }: JobPlaces): Answer {
  jobs.start(jobOf(call, jobs), call.at);
  return emptyAnswer(202);
}

export function cancelJob(call: Call, { jobs }: JobPlaces): Answer {
  jobs.cancel(jobOf(call, jobs), call.at);
  return emptyAnswer(204);
}

function jobOf(call: Call, jobs: Jobs): Job {
  const id = idLabel(call, 'JobId');
  const job = jobs.get(id);
  if (job === undefined) throw notFound('JOB', id);
  return job;
}

function assetConfigurationOf(body: unknown): unknown {
  const given = withoutNulls(body);
  return typeof given === 'object' && given !== null && 'AssetConfiguration' in given
    ? given.AssetConfiguration
    : undefined;
}

function filtered<Item>(
  items: Iterable<Item> | undefined,
  isWanted: (item: Item) => boolean,
): Iterable<Item> | undefined {
  return items && wanted(items, isWanted);
}

function* wanted<Item>(items: Iterable<Item>, isWanted: (item: Item) => boolean): Generator<Item> {
  for (const item of items) if (isWanted(item)) yield item;
}

function* beginning<Item>(first: Item | undefined, rest: Iterable<Item>): Generator<Item> {
  if (first !== undefined) yield first;
  yield* rest;
}
