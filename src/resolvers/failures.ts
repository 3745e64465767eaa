/** How a failure reaches the client: as an error with a code, or as something the caller can put right. */
import { GraphQLError, type GraphQLResolveInfo, Kind, responsePathAsArray } from 'graphql';
import { BackendError, type CallerErrorCode, isCallerError } from '../model/errors.ts';
import { StreamError } from '../watch/streams/stream-error.ts';
import type { Context } from './context.ts';

/** One entry of a payload's `userErrors`. */
export interface UserError {
  readonly code: CallerErrorCode;
  readonly message: string;
  /** Path to the argument or input field at fault, where one is. */
  readonly field: readonly string[] | null;
  readonly awsCode: string | null;
}

/** What a client is told of `error`: a backend's or a stream's failure with its code; anything else as it is, to be masked. */
export function clientErrorFrom(error: unknown): unknown {
  if (error instanceof BackendError) return graphQLErrorFrom(error);
  if (error instanceof StreamError) return streamFailureFrom(error);
  return error;
}

/** Adds a backend's failure to the response at the field being resolved, whose data stays valid. */
export function reportFailure(error: BackendError, context: Context, info: GraphQLResolveInfo): void {
  context.report(graphQLErrorFrom(error, info));
}

/** Adds the failure of one entry of the connection being resolved, whose node is null: once, though it may be asked for by two ways. */
export function reportEntry(error: BackendError, index: number, context: Context, info: GraphQLResolveInfo): void {
  const { message, extensions } = graphQLErrorFrom(error, info);
  const path = [...responsePathAsArray(info.path), ...entryPath(index, info)];
  context.report(new GraphQLError(message, { nodes: info.fieldNodes, path, extensions }));
}

/** By the way that the operation asks for its nodes; by `edges` where it asks for both, or by fragments. */
function entryPath(index: number, info: GraphQLResolveInfo): readonly (number | string)[] {
  const selected = info.fieldNodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  const fields = selected.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection] : []));
  const nodes = fields.find(({ name }) => name.value === 'nodes');
  const isByEdges = nodes === undefined || fields.some(({ name }) => name.value === 'edges');
  return isByEdges ? ['edges', index, 'node'] : [nodes.alias?.value ?? 'nodes', index];
}

/** The error for an argument outside a mutation's input, such as `first`. */
export function invalidArgument(argument: string, requirement: string): GraphQLError {
  return new GraphQLError(`The argument \`${argument}\` ${requirement}.`, {
    extensions: { code: 'INVALID_INPUT', argument, retryable: false },
  });
}

/** The user error for a field of a mutation that is at fault by itself. */
export function invalidInput(field: readonly string[], message: string): UserError {
  return { code: 'INVALID_INPUT', message, field, awsCode: null };
}

/**
 * The user error for a refused call; throws what the caller cannot put right. The fault lies at `inputPath` and the path
 * that `error` names from there, or at `otherwise` if it names none.
 */
export function userErrorFrom(
  error: unknown,
  inputPath: readonly string[],
  otherwise: readonly string[] | null = null,
): UserError {
  if (!isCallerError(error)) throw error;
  return {
    code: error.code,
    message: error.message,
    field: error.field === undefined ? otherwise : [...inputPath, ...error.field],
    awsCode: error.awsCode ?? null,
  };
}

function graphQLErrorFrom(error: BackendError, info?: GraphQLResolveInfo): GraphQLError {
  return new GraphQLError(error.message, {
    // An error that is thrown gets both from the executor.
    ...(info && { nodes: info.fieldNodes, path: responsePathAsArray(info.path) }),
    extensions: {
      code: error.code,
      service: error.service,
      ...(error.awsCode !== undefined && { awsCode: error.awsCode }),
      retryable: error.retryable,
      ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    },
  });
}

function streamFailureFrom(error: StreamError): GraphQLError {
  // A shutdown passes, and so does slowness: the same stream can be taken up again from its cursor.
  const retryable = error.code === 'SHUTTING_DOWN' || error.code === 'SLOW_CONSUMER';
  return new GraphQLError(error.message, {
    extensions: {
      code: error.code,
      ...(error.cursor !== undefined && { cursor: error.cursor }),
      retryable,
    },
  });
}
