/** The six operations (Import/Export API reference); each returns the XML members of its result. */
import { firstOf } from '../register.ts';
import { checkAddress, invalidAddress, requiredAddressFields } from './address.ts';
import { ImportExportError, invalidJobId, invalidParameter } from './errors.ts';
import { isCancelled, type Job, statusAt } from './job.ts';
import type { Jobs } from './jobs.ts';
import { logBucketOf } from './manifest.ts';
import { checkedManifest, eraseWarning } from './manifest-rules.ts';
import * as read from './parameters.ts';
import { artifactList, signatureMembers, statusMembers } from './status-members.ts';
import { element, secondsText, textElement } from './xml.ts';

export interface Call {
  readonly parameters: URLSearchParams;
  readonly jobs: Jobs;
  readonly now: number;
  readonly stepMs: number;
  /** Whether the list contains the job yet. */
  readonly isListed: (jobId: string) => boolean;
}

/** Observed since January 2015. */
const labelWarning = 'Please use GetShippingLabel API endpoint to print your shipping label.';

export function createJob({ parameters, jobs, now, stepMs }: Call): string[] {
  const jobType = read.jobTypeParameter(parameters);
  const manifest = checkedManifest(read.requiredParameter(parameters, 'Manifest'), jobType);
  const type = textElement('JobType', jobType);
  // Whether the reply to `ValidateOnly` names a job is unknown; here it does not.
  if (read.validateOnlyParameter(parameters)) return [type, textElement('WarningMessage', eraseWarning(manifest))];
  jobs.countNew(now);
  const job = jobs.add({ manifest, createdAt: now, course: { startsAt: now, stepMs } });
  const warning = textElement('WarningMessage', labelWarning);
  return [textElement('JobId', job.id), type, ...signatureMembers(job), warning, artifactList(job)];
}

/** Replaces the whole manifest, and with it the type of the job, until the transfer starts. */
export function updateJob({ parameters, jobs, now }: Call): string[] {
  const jobId = read.jobIdParameter(parameters);
  const job = jobs.requireActive(jobId, now);
  const jobType = read.jobTypeParameter(parameters);
  const manifest = checkedManifest(read.requiredParameter(parameters, 'Manifest'), jobType);
  if (!isPending(job, now)) {
    throw new ImportExportError('UnableToUpdateJobIdException', `The job ${jobId} can no longer be updated`);
  }
  if (!read.validateOnlyParameter(parameters)) job.manifest = manifest;
  return [
    textElement('Success', true),
    textElement('WarningMessage', eraseWarning(manifest)),
    artifactList({ ...job, manifest }),
  ];
}

/** The documents contradict each other about jobs that are being loaded; here those can no longer be cancelled. */
export function cancelJob({ parameters, jobs, now }: Call): string[] {
  const jobId = read.jobIdParameter(parameters);
  const job = jobs.requireActive(jobId, now);
  if (!isPending(job, now)) {
    throw new ImportExportError('UnableToCancelJobIdException', `The job ${jobId} can no longer be canceled`);
  }
  job.fixed = { ...statusAt(job, now), progressCode: 'Canceled' };
  return [textElement('Success', true)];
}

/** Also succeeds for cancelled jobs, as AWS's own live test shows. */
export function getStatus({ parameters, jobs, now }: Call): string[] {
  return statusMembers(jobs.require(read.jobIdParameter(parameters), now), now);
}

/** One label for all jobs of one parcel. The URL has the form of the AWS CLI's help. */
export function getShippingLabel({ parameters, jobs, now }: Call): string[] {
  const [first, ...others] = read.jobIdsParameter(parameters).map((jobId) => jobs.requireActive(jobId, now));
  if (first === undefined) throw invalidJobId('');
  checkSender(parameters);
  const ids = [first, ...others].map(({ id }) => id).join('-');
  const url = `https://s3.amazonaws.com/${logBucketOf(first.manifest)}/shipping-label-${ids}.pdf`;
  return [textElement('ShippingLabelURL', url)];
}

export function listJobs({ parameters, jobs, now, isListed }: Call): string[] {
  const rest = jobs.newestFirst(read.parameter(parameters, 'Marker'));
  if (rest === undefined) throw invalidParameter('Marker');
  const { page, hasMore } = firstOf(listed(rest, isListed), read.maxJobsParameter(parameters));
  const members = page.map((job) => listEntry(job, now));
  return [element('Jobs', ...members), textElement('IsTruncated', hasMore)];
}

function* listed(rest: Iterable<Job>, isListed: Call['isListed']): Generator<Job> {
  for (const job of rest) if (isListed(job.id)) yield job;
}

function listEntry(job: Job, now: number): string {
  return element(
    'member',
    textElement('JobId', job.id),
    textElement('CreationDate', secondsText(job.createdAt)),
    textElement('IsCanceled', isCancelled(job, now)),
    textElement('JobType', job.manifest.jobType),
  );
}

/** Only the transfer counts, not the location of the device. */
function isPending(job: Job, now: number): boolean {
  return statusAt(job, now).progressCode === 'Pending';
}

/**
 * Without an address the one of the manifest is used; whether the service did so is unknown. An incomplete address is
 * refused.
 */
function checkSender(parameters: URLSearchParams): void {
  const field = (name: string) => read.parameter(parameters, name);
  const missing = requiredAddressFields.filter((name) => field(name) === undefined);
  if (missing.length === requiredAddressFields.length) return;
  if (missing[0] !== undefined) throw invalidAddress(missing[0]);
  checkAddress(field);
}
