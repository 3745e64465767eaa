/** Replies of Data Exchange about jobs as another service might write them: members left out, filled in or reordered, lists that lag. */

export type WireJob = Readonly<Record<string, unknown>>;

export interface ReplyEdits {
  /** Changes the job in a reply. `place` is the operation that is answered. */
  job?: (job: WireJob, place: 'CreateJob' | 'GetJob' | 'ListJobs') => WireJob;
  /** Whether a list shows the job. */
  isListed?: (awsJobId: string) => boolean;
}

/** `reply` to `request` with the edits of the moment. Other replies are left alone, and so are failures. */
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

/** `job` with other details. They are the one member of `Details`. */
export function withDetails(job: WireJob, change: (details: WireJob) => WireJob): WireJob {
  const details = Object.entries(job['Details'] ?? {}).map(([name, given]) => [name, change({ ...given })]);
  return { ...job, Details: Object.fromEntries(details) };
}

/** Without the members that `isLeftOut` names, however deep. */
export function without(value: unknown, isLeftOut: (name: string, holder: object) => boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => without(each, isLeftOut));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !isLeftOut(name, value));
  return Object.fromEntries(kept.map(([name, member]) => [name, without(member, isLeftOut)]));
}

/** Members that a reply of the service may leave out. Of an S3 object the key is no such member. */
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

/** With every list the other way round. */
export function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, reversed(member)]));
}
