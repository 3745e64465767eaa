/** Reads the parameters of a request. */
import { invalidJobId, invalidParameter, missingParameter } from './errors.ts';
import type { JobType } from './manifest.ts';

/** An empty value counts as absent: clients send `jobIds=` for an empty list. */
export function parameter(parameters: URLSearchParams, name: string): string | undefined {
  return parameters.get(name) || undefined;
}

export function requiredParameter(parameters: URLSearchParams, name: string): string {
  const value = parameter(parameters, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

/** InvalidJobIdException also means that the id is missing. */
export function jobIdParameter(parameters: URLSearchParams): string {
  const jobId = parameter(parameters, 'JobId');
  if (jobId === undefined) throw invalidJobId('');
  return jobId;
}

/** The service compared it without regard to case. */
export function jobTypeParameter(parameters: URLSearchParams): JobType {
  const value = requiredParameter(parameters, 'JobType').toLowerCase();
  if (value === 'import') return 'Import';
  if (value === 'export') return 'Export';
  throw invalidParameter('JobType');
}

/** The model requires it; the guide does not, and AWS's own live test omits it. */
export function validateOnlyParameter(parameters: URLSearchParams): boolean {
  const value = parameter(parameters, 'ValidateOnly') ?? 'false';
  if (value !== 'true' && value !== 'false') throw invalidParameter('ValidateOnly');
  return value === 'true';
}

/** The default is unknown; here it is the maximum. The meaning of 0 is unknown too; here it is an empty page. */
export function maxJobsParameter(parameters: URLSearchParams): number {
  const value = parameter(parameters, 'MaxJobs') ?? '1000';
  if (!/^[0-9]{1,4}$/.test(value) || Number(value) > 1000) throw invalidParameter('MaxJobs');
  return Number(value);
}

/** `jobIds.member.1`, `jobIds.member.2` and so on. */
export function jobIdsParameter(parameters: URLSearchParams): readonly string[] {
  const jobIds: string[] = [];
  for (let number = 1; ; number += 1) {
    const jobId = parameter(parameters, `jobIds.member.${number}`);
    if (jobId === undefined) return jobIds;
    jobIds.push(jobId);
  }
}
