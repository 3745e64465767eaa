/** The scopes that fields require, for the `extensions` of a type, whose fields all require them, or of a single field. */
import type { GraphQLFieldResolver } from 'graphql';
import type { Scope } from '../identity/caller.ts';
import type { Context } from '../resolvers/context.ts';

const requires = (...scopes: readonly Scope[]) => ({ scopes });

/** What jobs are and how they go. */
export const reading = requires('jobs:read');

/** To create, start, change and cancel them. Also to read: who may not is told so before anything is done, not after it. */
export const writing = requires('jobs:read', 'jobs:write');

/** What is a credential, or says where people live. */
export const secret = requires('jobs:secrets');

/** To have something made that is a secret about jobs. */
export const readingSecrets = requires('jobs:read', 'jobs:secrets');

/** A caller without the scopes gets what `resolve` gives, and not an error that would take the place of the whole object. */
export const withheldBy = <Parent>(resolve: GraphQLFieldResolver<Parent, Context>) => ({ withheld: resolve });
