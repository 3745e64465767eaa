/**
 * Writes the requests of reads. The SDK writes each kind once, with placeholders, which each read replaces by its
 * values.
 *
 * If the SDK wrote every `GetJob`, that would be the largest part of a read's CPU time: a dozen middlewares, each a
 * promise (3.873.0).
 */
import { randomUUID } from 'node:crypto';
import { emptyBodyHash, type UnsignedRequest } from '../calls/sigv4.ts';
import { uriEncoded } from '../uri-encoding.ts';
import { type Parameter, placeholders, type Read, readKinds } from './reads.ts';
import type { Sdk } from './unsent-request.ts';

export interface UnsignedRead extends UnsignedRequest {
  readonly url: string;
}

/** Rejects as the SDK does; the next read then asks the SDK again. */
export type WriteRead = (read: Read) => Promise<UnsignedRead>;

interface Template extends Pick<UnsignedRequest, 'headers' | 'method'> {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Between slashes. */
  readonly segments: readonly Part[];
  /** The parameters of the query, sorted by name. */
  readonly query: readonly Part[];
}

/** A segment of the path, or the encoded name of a parameter of the query. */
interface Part {
  readonly text: string;
  /** What replaces the segment, or is the value of the parameter. */
  readonly parameter?: Parameter;
}

type Values = { readonly [Name in Parameter]?: number | string | undefined };

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
    const path = pathOf(template, read);
    const query = queryOf(template, read);
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

function pathOf({ segments }: Template, values: Values): string {
  return segments
    .map(({ text, parameter }) => (parameter === undefined ? text : uriEncoded(String(values[parameter]))))
    .join('/');
}

function queryOf({ query }: Template, values: Values): string {
  return query
    .flatMap(({ text, parameter }) => {
      const value = parameter && values[parameter];
      return value === undefined ? [] : [`${text}=${uriEncoded(String(value))}`];
    })
    .join('&');
}

async function templateFrom(sdk: Pick<Sdk, 'unsent'>, operation: Read['operation']): Promise<Template> {
  const { command, inPath, inQuery } = readKinds[operation];
  const { protocol, hostname, port, method, path, query, headers } = await sdk.unsent(command());
  const segments = segmentsOf(path, inPath);
  const parameters = Object.entries(query).map(([name, placeholder]) => {
    const parameter = inQuery.find((each) => placeholders[each] === String(placeholder));
    return { text: uriEncoded(name), ...(parameter !== undefined && { parameter }) };
  });
  const written = [...segments, ...parameters].flatMap(({ parameter }) => parameter ?? []);
  if (parameters.length !== inQuery.length || !isSame(written, [...inPath, ...inQuery]))
    throw new TypeError(`expected the SDK to write the members of ${operation} and no others`);
  return {
    method,
    origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
    segments,
    query: parameters.sort((a, b) => (a.text < b.text ? -1 : 1)),
    headers: { ...headers, 'x-amz-content-sha256': emptyBodyHash },
  };
}

/** The path of the API begins behind the last `/v1/`; that of an endpoint may contain the same words. */
function segmentsOf(path: string, inPath: readonly Parameter[]): readonly Part[] {
  const start = path.lastIndexOf('/v1/') + 1;
  const own = path.slice(start).split('/');
  const segments = own.map((text): Part => {
    const parameter = inPath.find((each) => placeholders[each] === text);
    return parameter === undefined ? { text } : { text, parameter };
  });
  return start === 0 ? segments : [{ text: path.slice(0, start - 1) }, ...segments];
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.toSorted().join() === others.toSorted().join();
}
