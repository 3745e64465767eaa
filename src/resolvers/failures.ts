/** Converts failures into what clients receive: an error with a code, or a user error. */
import { GraphQLError, type GraphQLResolveInfo, Kind, responsePathAsArray } from 'graphql';
import { BackendError, type CallerErrorCode, isCallerError } from '../model/errors.ts';
import { type FaultCode, type FaultParameter, faultsAt, type InputFault } from '../model/input-fault.ts';
import { StreamError } from '../watch/streams/stream-error.ts';
import type { Context } from './context.ts';

/** One entry of a payload's `userErrors`. */
export interface UserError {
  readonly code: CallerErrorCode | FaultCode;
  readonly message: string;
  /** Path to the argument or input field at fault; null if there is no single one. */
  readonly field: readonly string[] | null;
  readonly awsCode: string | null;
  readonly parameters: readonly FaultParameter[];
}

/**
 * The error for the client: a backend's or a stream's failure with its code; any other error as it is, to be masked.
 */
export function clientErrorFrom(error: unknown): unknown {
  if (error instanceof BackendError) return graphQLErrorFrom(error);
  if (error instanceof StreamError) return streamFailureFrom(error);
  return error;
}

/** Adds a backend's failure to the response, at the field being resolved. The field's data stays. */
export function reportFailure(error: BackendError, context: Context, info: GraphQLResolveInfo): void {
  context.report(graphQLErrorFrom(error, info));
}

/**
 * Adds the failure of one entry of the connection being resolved, whose node is null. Adds it once, even if both
 * `edges` and `nodes` are selected.
 */
export function reportEntry(error: BackendError, index: number, context: Context, info: GraphQLResolveInfo): void {
  const { message, extensions } = graphQLErrorFrom(error, info);
  const path = [...responsePathAsArray(info.path), ...entryPath(index, info)];
  context.report(new GraphQLError(message, { nodes: info.fieldNodes, path, extensions }));
}

/** By `nodes` if the operation selects that field directly and not `edges`; otherwise by `edges`. */
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

/** The user error for a fault that the gateway itself finds. */
export function userErrorFromFault({ code, message, field, parameters }: InputFault): UserError {
  return { code, message, field, awsCode: null, parameters };
}

/**
 * The user errors for a refused call. Throws `error` if the caller cannot correct it. The field at fault is `inputPath`
 * followed by the path in `error`, or `otherwise` if it has none.
 */
export function userErrorsFrom(
  error: unknown,
  inputPath: readonly string[],
  otherwise: readonly string[] | null = null,
): readonly UserError[] {
  if (!isCallerError(error)) throw error;
  const awsCode = error.awsCode ?? null;
  if (error.faults.length > 0)
    return faultsAt(inputPath, error.faults).map((fault) => ({ ...userErrorFromFault(fault), awsCode }));
  return [
    {
      code: error.code,
      message: error.message,
      field: error.field === undefined ? otherwise : [...inputPath, ...error.field],
      awsCode,
      parameters: [],
    },
  ];
}

function graphQLErrorFrom(error: BackendError, info?: GraphQLResolveInfo): GraphQLError {
  return new GraphQLError(error.message, {
    // The executor adds both to a thrown error.
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
  // A client can resume the stream from its cursor once it reads faster.
  const retryable = error.code === 'SLOW_CONSUMER';
  return new GraphQLError(error.message, {
    extensions: {
      code: error.code,
      // What a reader lacks whose stream ends so.
      ...(error.code === 'FORBIDDEN' && { scope: 'jobs:read' }),
      ...(error.cursor !== undefined && { cursor: error.cursor }),
      retryable,
    },
  });
}
