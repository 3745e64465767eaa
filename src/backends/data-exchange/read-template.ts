/**
 * Writes the requests of reads. The SDK writes each kind once, with placeholders, which each read replaces by its
 * values.
 *
 * If the SDK wrote every `GetJob`, that would be the largest part of a read's CPU time: a dozen middlewares, each a
 * promise (3.873.0).
 */
import { randomUUID } from 'node:crypto';
import { GetJobCommand, ListJobsCommand } from '@aws-sdk/client-dataexchange';
import { emptyBodyHash, type UnsignedRequest } from '../calls/sigv4.ts';
import { uriEncoded } from '../uri-encoding.ts';
import type { Sdk } from './unsent-request.ts';

export interface GetJob {
  readonly operation: 'GetJob';
  readonly effect: 'read';
  readonly awsJobId: string;
}

export interface ListJobs {
  readonly operation: 'ListJobs';
  readonly effect: 'read';
  readonly limit: number;
  readonly nextToken?: string | undefined;
  readonly dataSetId?: string | undefined;
  readonly revisionId?: string | undefined;
}

export type Read = GetJob | ListJobs;

export interface UnsignedRead extends UnsignedRequest {
  readonly url: string;
}

/** Rejects as the SDK does; the next read then asks the SDK again. */
export type WriteRead = (read: Read) => Promise<UnsignedRead>;

interface Template extends Pick<UnsignedRequest, 'headers' | 'method'> {
  /** Scheme, host and port. */
  readonly origin: string;
  /** For `GetJob` up to the job's id. */
  readonly path: string;
  /** The encoded name of each parameter, sorted, and its placeholder. */
  readonly parameters: readonly (readonly [name: string, placeholder: string])[];
}

const placeholders = {
  jobId: 'job-id',
  maxResults: '1',
  nextToken: 'next-token',
  dataSetId: 'data-set-id',
  revisionId: 'revision-id',
};

const commands = {
  GetJob: () => new GetJobCommand({ JobId: placeholders.jobId }),
  ListJobs: () =>
    new ListJobsCommand({
      MaxResults: Number(placeholders.maxResults),
      NextToken: placeholders.nextToken,
      DataSetId: placeholders.dataSetId,
      RevisionId: placeholders.revisionId,
    }),
};

/** For one client, whose endpoint, region and user agent stay the same. */
export function createReadWriter(sdk: Pick<Sdk, 'unsent'>): WriteRead {
  const templates = new Map<Read['operation'], Promise<Template>>();
  const templateOf = (operation: Read['operation']): Promise<Template> => {
    const known = templates.get(operation);
    if (known) return known;
    const template = templateFrom(sdk, operation);
    templates.set(operation, template);
    template.catch(() => templates.delete(operation));
    return template;
  };
  return async (read) => {
    const template = await templateOf(read.operation);
    const path = read.operation === 'GetJob' ? `${template.path}${uriEncoded(read.awsJobId)}` : template.path;
    const query = read.operation === 'ListJobs' ? queryOf(read, template) : '';
    return {
      url: `${template.origin}${path}${query === '' ? '' : `?${query}`}`,
      method: template.method,
      path,
      query,
      headers: { ...template.headers, 'amz-sdk-invocation-id': randomUUID() },
      bodyHash: emptyBodyHash,
    };
  };
}

function queryOf({ limit, nextToken, dataSetId, revisionId }: ListJobs, { parameters }: Template): string {
  const values = new Map<string, string | undefined>([
    [placeholders.maxResults, String(limit)],
    [placeholders.nextToken, nextToken],
    [placeholders.dataSetId, dataSetId],
    [placeholders.revisionId, revisionId],
  ]);
  return parameters
    .flatMap(([name, placeholder]) => {
      const value = values.get(placeholder);
      return value === undefined ? [] : [`${name}=${uriEncoded(value)}`];
    })
    .join('&');
}

async function templateFrom(sdk: Pick<Sdk, 'unsent'>, operation: Read['operation']): Promise<Template> {
  const { protocol, hostname, port, method, path, query, headers } = await sdk.unsent(commands[operation]());
  const hasPlaceholder = operation === 'ListJobs' || path.endsWith(`/${placeholders.jobId}`);
  const parameters = Object.entries(query).map(([name, value]) => [uriEncoded(name), String(value)] as const);
  if (!hasPlaceholder || parameters.length !== (operation === 'ListJobs' ? 4 : 0))
    throw new TypeError(`expected the SDK to write the members of ${operation} and no others`);
  return {
    method,
    origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
    path: operation === 'GetJob' ? path.slice(0, -placeholders.jobId.length) : path,
    parameters: parameters.sort(([a], [b]) => (a < b ? -1 : 1)),
    headers: { ...headers, 'x-amz-content-sha256': emptyBodyHash },
  };
}
