/** Builds the request of a new job from the details of an old one. */
import type { DataExchangeJob, DataExchangeJobDetails } from '../../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../../model/data-exchange-request.ts';
import type { BackendError } from '../../model/errors.ts';
import { parametersFrom } from '../../model/input-fault.ts';
import { fieldWords } from '../input/field-words.ts';
import { refusedFor } from './errors.ts';
import { jobTypesByName } from './job-types/index.ts';
import { faultsInRequest } from './validate.ts';

/**
 * The request that `job` was created with. Throws `BackendError` with the fault `NOT_REPEATABLE` of `id`, which names the
 * member that the service does not show: a request without it would make another job.
 */
export function repeatedRequest(job: DataExchangeJob): DataExchangeJobRequest {
  const { details } = job;
  if (details === null) throw notRepeatable('details', whyNoDetails(job));
  const { branch } = jobTypesByName[details.type];
  if (details.type === 'IMPORT_ASSET_FROM_API_GATEWAY_API' && details.hasApiKey)
    throw notShown([branch, 'apiKey'], 'which is a secret');
  const request = { [branch]: requestedMembers(details) };
  const [fault] = faultsInRequest(request);
  if (fault !== undefined) throw notShown(fault.field);
  const unreadable = job.unreadable?.find((path) => path.startsWith('Details.') && !isSignedUrl(path));
  if (unreadable !== undefined) throw notRepeatable(unreadable, 'a part of the answer of the service cannot be read');
  return request;
}

/** The members of the request by their own names. A reply may show an empty text or list for an absent one. */
function requestedMembers(details: DataExchangeJobDetails): Readonly<Record<string, unknown>> {
  const { sameWork, valuesIn } = jobTypesByName[details.type];
  const values = valuesIn(details);
  const shown = Object.keys(sameWork).filter((name) => !isAbsent(values[name]));
  return Object.fromEntries(shown.map((name) => [name, values[name]]));
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A signed URL belongs to its job, and the new one gets its own. */
function isSignedUrl(path: string): boolean {
  return /Url(ExpiresAt)?$/.test(path);
}

function whyNoDetails({ type }: DataExchangeJob): string {
  return type === 'UNKNOWN'
    ? 'it is of a type that this gateway does not know'
    : 'the service does not show what it was created with';
}

/** `field` begins with the branch of the request. */
function notShown(field: readonly string[], remark = ''): BackendError {
  const words = fieldWords(field.slice(1)) || 'its details';
  return notRepeatable(field.join('.'), `the service does not show ${words}${remark && `, ${remark}`}`);
}

function notRepeatable(missing: string, why: string): BackendError {
  const message = `The job cannot be repeated, because ${why}.`;
  const parameters = parametersFrom({ missing });
  return refusedFor('INVALID_INPUT', { field: ['id'], code: 'NOT_REPEATABLE', parameters, message });
}
