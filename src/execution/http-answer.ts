/** Encodes the result of an operation as the HTTP response that Yoga would send (graphql-yoga 5.24.1). */
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { HttpFacts } from './http-status.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';

export type JsonMediaType = typeof graphqlJson | typeof json;

/** The first JSON media type that an `Accept` header names; undefined if it names none, or a stream as well. */
export function jsonMediaTypeFor(accept: string | undefined): JsonMediaType | undefined {
  if (accept === undefined || accept === '' || accept === '*/*') return json;
  if (accept.includes('event-stream')) return undefined;
  for (const range of accept.replace(/\s/g, '').toLowerCase().split(',')) {
    const [mediaType = '', ...parameters] = range.split(';');
    const charset = parameters.find((parameter) => parameter.includes('charset='));
    if (charset !== undefined && charset !== 'charset=utf-8') continue;
    if (mediaType === graphqlJson) return graphqlJson;
    if (mediaType === json || mediaType === '*/*' || mediaType === 'application/*') return json;
  }
  return undefined;
}

/**
 * The type of an error that is answered before an operation is known. A client that takes it reads the code and the
 * sentence of an `application/graphql-response+json` of any status; Apollo Client 4 reads those of other JSON only if
 * the status is 200.
 */
export function errorTypeFor(accept: string | undefined): string {
  return headersFor[jsonMediaTypeFor(accept) ?? json]['content-type'];
}

const headersFor = {
  [json]: { 'content-type': `${json}; charset=utf-8` },
  [graphqlJson]: { 'content-type': `${graphqlJson}; charset=utf-8` },
} as const;

export function httpAnswerFrom(result: ExecutionResult, mediaType: JsonMediaType): HttpAnswer {
  const { errors } = result;
  if (errors === undefined) return { status: 200, headers: headersFor[mediaType], body: JSON.stringify(result) };
  const facts = errors.map(httpFactsOf);
  const headers = Object.assign({}, headersFor[mediaType], ...facts.map((each) => each?.headers));
  return { status: statusFrom(result, facts, mediaType), headers, body: JSON.stringify(withoutInternals(result)) };
}

/** The highest status among the errors; 200 for an invalid document if the client gets `application/json`. */
function statusFrom(
  result: ExecutionResult,
  facts: readonly (HttpFacts | undefined)[],
  mediaType: JsonMediaType,
): number {
  const counted = facts.filter((each) => !(mediaType === json && each?.spec === true));
  const status = Math.max(0, ...counted.map((each) => each?.status ?? 0));
  if (status > 0) return status;
  const isUnexpected = (result.errors ?? []).some((error, index) => facts[index] === undefined && !isOriginal(error));
  return isUnexpected && !('data' in result) ? 500 : 200;
}

function httpFactsOf({ extensions }: GraphQLError): HttpFacts | undefined {
  return extensions['http'] as HttpFacts | undefined;
}

function isOriginal({ originalError }: GraphQLError): boolean {
  return originalError == null || (originalError instanceof GraphQLError && isOriginal(originalError));
}

function withoutInternals(result: ExecutionResult): object {
  if (result.errors === undefined || result.errors.length === 0) return result;
  return { ...result, errors: result.errors.map(formatted) };
}

function formatted(error: GraphQLError): object {
  const { extensions = {}, ...rest } = error.toJSON();
  const { http: _, ...others } = extensions;
  return Object.keys(others).length === 0 ? rest : { ...rest, extensions: others };
}
