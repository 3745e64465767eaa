/** Creates the error for a missing scope. */
import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';

/** The same for every value of the field, null included, so that it does not reveal the value. */
export function forbidden(): GraphQLError {
  return new GraphQLError(message, { extensions });
}

/** As `forbidden`, for a response in which the rest of the data stays. */
export function forbiddenAt(info: GraphQLResolveInfo): GraphQLError {
  return new GraphQLError(message, { extensions, nodes: info.fieldNodes, path: responsePathAsArray(info.path) });
}

const message = 'The caller lacks a scope that this field requires.';
const extensions = { code: 'FORBIDDEN', retryable: false };
