/**
 * Replies of Data Exchange as another service might write them: members left out, filled in or reordered, lists that
 * lag.
 */

export type WireJob = Readonly<Record<string, unknown>>;

export interface ReplyEdits {
  /** Changes the job in a reply. `place` is the operation. */
  job?: (job: WireJob, place: 'CreateJob' | 'GetJob' | 'ListJobs') => WireJob;
  /** Whether lists contain the job. */
  isListed?: (awsJobId: string) => boolean;
}

/** `reply` to `request` with the present edits. Other replies and failures are unchanged. */
export async function editedReply(request: Request, reply: Response, edits: ReplyEdits): Promise<Response> {
  const { job = (same) => same, isListed = () => true } = edits;
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith('/v1/jobs') || request.method === 'PATCH' || request.method === 'DELETE') return reply;
  if (!reply.ok) return reply;
  const text = await reply.text();
  const body = parsed(text);
  const { status, headers } = reply;
  const kept = { status, headers: [...headers].filter(([name]) => name.toLowerCase() !== 'content-length') };
  if (body === undefined) return new Response(text, kept);
  const { Jobs: jobs } = body;
  const edited = Array.isArray(jobs)
    ? { ...body, Jobs: jobs.filter((each) => isListed(String(each.Id))).map((each) => job(each, 'ListJobs')) }
    : job(body, request.method === 'POST' ? 'CreateJob' : 'GetJob');
  return new Response(JSON.stringify(edited), kept);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Changes the details of `job`, the one member of `Details`. */
export function withDetails(job: WireJob, change: (details: WireJob) => WireJob): WireJob {
  const details = Object.entries(job['Details'] ?? {}).map(([name, given]) => [name, change({ ...given })]);
  return { ...job, Details: Object.fromEntries(details) };
}

/** Removes the members that `isLeftOut` names, at any depth. */
export function without(value: unknown, isLeftOut: (name: string, holder: object) => boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !isLeftOut(name, value));
  return Object.fromEntries(kept.map(([name, member]) => [name, without(member, isLeftOut)]));
}

/** Members that a reply may leave out. The key of an S3 object is not one of them. */
const optionalMembers = new Set([
  'ApiDescription',
  'ApiName',
  'ApiSpecificationMd5Hash',
  'ApiSpecificationUploadUrl',
  'ApiSpecificationUploadUrlExpiresAt',
  'Encryption',
  'KeyPattern',
  'KeyPrefixes',
  'Keys',
  'KmsKeyArn',
  'KmsKeysToGrant',
  'Md5Hash',
  'Database',
  'Table',
]);

export function isOptional(name: string, holder: object): boolean {
  return optionalMembers.has(name) || (name === 'Key' && 'AssetId' in holder);
}

/** Reverses every list. */
export function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, reversed(member)]));
}
