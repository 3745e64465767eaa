/** The six operations (Import/Export API reference): each gives the XML members of its result. */
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
  /** Whether the list shows the job yet. */
  readonly isListed: (jobId: string) => boolean;
}

/** Attested from January 2015 on. */
const labelWarning = 'Please use GetShippingLabel API endpoint to print your shipping label.';

export function createJob({ parameters, jobs, now, stepMs }: Call): string[] {
  const jobType = read.jobTypeParameter(parameters);
  const manifest = checkedManifest(read.requiredParameter(parameters, 'Manifest'), jobType);
  const type = textElement('JobType', jobType);
  // Whether the reply to a mere check names a job is unknown; there is none.
  if (read.validateOnlyParameter(parameters)) return [type, textElement('WarningMessage', eraseWarning(manifest))];
  jobs.countNew(now);
  const job = jobs.add({ manifest, createdAt: now, course: { startsAt: now, stepMs } });
  const warning = textElement('WarningMessage', labelWarning);
  return [textElement('JobId', job.id), type, ...signatureMembers(job), warning, artifactList(job)];
}

/** Replaces the whole manifest, and with it the type of the job, until the transfer starts. */
export function updateJob({ parameters, jobs, now }: Call): string[] {
  const jobId = read.jobIdParameter(parameters);
  const job = jobs.requireLive(jobId, now);
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

/** Documents contradict each other on jobs that are being loaded; here they cannot be cancelled any more. */
export function cancelJob({ parameters, jobs, now }: Call): string[] {
  const jobId = read.jobIdParameter(parameters);
  const job = jobs.requireLive(jobId, now);
  if (!isPending(job, now)) {
    throw new ImportExportError('UnableToCancelJobIdException', `The job ${jobId} can no longer be canceled`);
  }
  job.fixed = { ...statusAt(job, now), progressCode: 'Canceled' };
  return [textElement('Success', true)];
}

/** Succeeds for cancelled jobs too, as AWS's own live test shows. */
export function getStatus({ parameters, jobs, now }: Call): string[] {
  return statusMembers(jobs.require(read.jobIdParameter(parameters), now), now);
}

/** One label for all jobs of one parcel. The address has the form that the help of the AWS CLI shows. */
export function getShippingLabel({ parameters, jobs, now }: Call): string[] {
  const [first, ...others] = read.jobIdsParameter(parameters).map((jobId) => jobs.requireLive(jobId, now));
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

/** Wherever the device is: what counts is whether the transfer has started. */
function isPending(job: Job, now: number): boolean {
  return statusAt(job, now).progressCode === 'Pending';
}

/** Without any address, that of the manifest serves; whether the service did so is unknown. Half an address is refused. */
function checkSender(parameters: URLSearchParams): void {
  const field = (name: string) => read.parameter(parameters, name);
  const missing = requiredAddressFields.filter((name) => field(name) === undefined);
  if (missing.length === requiredAddressFields.length) return;
  if (missing[0] !== undefined) throw invalidAddress(missing[0]);
  checkAddress(field);
}
