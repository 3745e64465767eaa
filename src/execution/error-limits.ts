/** Limits the number and the size of the errors for a request that cannot run. */
import { GraphQLError } from 'graphql';
import { withoutValues } from './quoted-values.ts';

export interface ErrorLimits {
  readonly errors: number;
  /** The bytes of the whole response, as JSON. The first error is always included. */
  readonly replyBytes: number;
  /** The characters of one message, which may quote the request. */
  readonly messageLength: number;
  /** The number of locations of one error. */
  readonly locations: number;
}

export const defaultErrorLimits: ErrorLimits = { errors: 10, replyBytes: 4_096, messageLength: 300, locations: 5 };

/** The bytes of the response beside its errors, and of the code that each is given later. */
const envelopeBytes = 32;
const codeBytes = 64;

/** The first of `errors`, each shortened, as many as the limits allow. */
export function capErrors(
  errors: readonly GraphQLError[],
  limits: ErrorLimits = defaultErrorLimits,
): readonly GraphQLError[] {
  const [first, ...others] = errors.slice(0, limits.errors).map((error) => shortened(error, limits));
  if (first === undefined) return [];
  const kept = [first];
  let bytes = envelopeBytes + sizeOf(first);
  for (const error of others) {
    bytes += sizeOf(error);
    if (bytes > limits.replyBytes) break;
    kept.push(error);
  }
  return kept;
}

function sizeOf(error: GraphQLError): number {
  return Buffer.byteLength(JSON.stringify(error)) + codeBytes;
}

/** `error` with a shorter message and fewer locations, without the values that it quotes. */
export function shortened(error: GraphQLError, { messageLength, locations }: ErrorLimits): GraphQLError {
  const { nodes, source, positions, path, extensions, originalError } = error;
  const message = withoutValues(error.message);
  // An error in a variable has the bare error as its `originalError`, which the error mask would send instead, at full
  // length.
  const keepsCause = !(originalError instanceof GraphQLError);
  if (
    keepsCause &&
    message === error.message &&
    message.length <= messageLength &&
    (positions?.length ?? 0) <= locations
  )
    return error;
  return new GraphQLError(beginningOf(message, messageLength), {
    nodes: nodes?.slice(0, locations) ?? null,
    source: source ?? null,
    positions: positions?.slice(0, locations) ?? null,
    path: path ?? null,
    extensions,
    originalError: keepsCause ? (originalError ?? null) : null,
  });
}

/** Never splits a surrogate pair. */
function beginningOf(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
