/** The parameters of a request, as its operation asks for them. */
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
  const given = requiredParameter(parameters, 'JobType').toLowerCase();
  if (given === 'import') return 'Import';
  if (given === 'export') return 'Export';
  throw invalidParameter('JobType');
}

/** The model requires it; the guide does not, nor does AWS's own live test send it. */
export function validateOnlyParameter(parameters: URLSearchParams): boolean {
  const given = parameter(parameters, 'ValidateOnly') ?? 'false';
  if (given !== 'true' && given !== 'false') throw invalidParameter('ValidateOnly');
  return given === 'true';
}

/** The default is unknown; here it is the most. What 0 means is unknown too: here an empty page. */
export function maxJobsParameter(parameters: URLSearchParams): number {
  const given = parameter(parameters, 'MaxJobs') ?? '1000';
  if (!/^[0-9]{1,4}$/.test(given) || Number(given) > 1000) throw invalidParameter('MaxJobs');
  return Number(given);
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
