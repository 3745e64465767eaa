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

export interface JobStores {
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly signedUrls: SignedUrlStore;
  readonly tokens: PageTokens;
  /** Whether the page after the job `lastId` begins with that job again. */
  readonly isRepeated: (lastId: string) => boolean;
}

export function createJob(call: Call, { jobs, catalog, signedUrls }: JobStores): Answer {
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

export function getJob(call: Call, { jobs }: JobStores): Answer {
  return jsonAnswer(200, jobForm(jobOf(call, jobs)));
}

/** How the filters combine is unknown; here both must match, and revisions of destinations count. */
export function listJobs(call: Call, { jobs, tokens, isRepeated }: JobStores): Answer {
  const dataSetId = call.query.get('dataSetId');
  const revisionId = call.query.get('revisionId');
  const matches = ({ request }: Job) =>
    (dataSetId === null || request.details.DataSetId === dataSetId) &&
    (revisionId === null || request.revisionIds.includes(revisionId));
  const items = (afterId?: string) => {
    const repeated = afterId !== undefined && isRepeated(afterId) ? jobs.get(afterId) : undefined;
    const rest = filtered(jobs.newestFirst(afterId), matches);
    return rest && prepended(repeated, rest);
  };
  return pageAnswer(call, tokens, { member: 'Jobs', items, form: jobForm });
}

export function startJob(call: Call, { jobs }: JobStores): Answer {
  jobs.start(jobOf(call, jobs), call.at);
  return emptyAnswer(202);
}

export function cancelJob(call: Call, { jobs }: JobStores): Answer {
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
  const members = withoutNulls(body);
  return typeof members === 'object' && members !== null && 'AssetConfiguration' in members
    ? members.AssetConfiguration
    : undefined;
}

function filtered<Item>(
  items: Iterable<Item> | undefined,
  matches: (item: Item) => boolean,
): Iterable<Item> | undefined {
  return items && matching(items, matches);
}

function* matching<Item>(items: Iterable<Item>, matches: (item: Item) => boolean): Generator<Item> {
  for (const item of items) if (matches(item)) yield item;
}

function* prepended<Item>(first: Item | undefined, rest: Iterable<Item>): Generator<Item> {
  if (first !== undefined) yield first;
  yield* rest;
}
