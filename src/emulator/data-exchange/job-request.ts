/**
 * Parses the request of CreateJob.
 *
 * Errors name the member by its path in the request, such as `Details.ImportAssetsFromS3.AssetSources[0].Bucket`.
 */
import { z } from 'zod';
import { pathText } from '../member-path.ts';
import { invalid } from './errors.ts';
import { jobTypes } from './job-types/index.ts';
import type { JobRequest } from './job-types/job-type.ts';
import { withoutNulls } from './request-body.ts';

const typesByName = new Map(jobTypes.map((jobType) => [jobType.type, jobType]));
const allMembers = new Set(jobTypes.map(({ member }) => member));

const envelope = z.object({
  Type: z.enum(jobTypes.map(({ type }) => type)),
  Details: z.record(z.string(), z.unknown()),
});

/** Throws `ValidationException`. Ignores unknown members and nulls, except nulls in lists. */
export function jobRequestFrom(body: unknown): JobRequest {
  const { Type, Details } = readAt([], () => envelope.parse(withoutNulls(body ?? {})));
  const jobType = typesByName.get(Type);
  if (jobType === undefined) throw invalid('Type: is unknown');
  const { member } = jobType;
  const members = Object.keys(Details).filter((name) => allMembers.has(name));
  if (members.length !== 1 || members[0] !== member) throw invalid(`Details must have the one member ${member}.`);
  return readAt(['Details', member], () => jobType.parse(Details[member]));
}

/** The result of `read`. Throws its first fault, with a path below `path`. */
function readAt<Value>(path: readonly string[], read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw invalid(`${pathText([...path, ...(issue?.path ?? [])])}: ${issue?.message}`);
  }
}
