/**
 * The scopes that fields require, for the `extensions` of a single field, or of a type whose fields all require them.
 */
import type { Scope } from '../identity/caller.ts';
import type { Refuse } from '../resolvers/forbidden.ts';

const requires = (...scopes: readonly Scope[]) => ({ scopes });

/** To read jobs. */
export const reading = requires('jobs:read');

/**
 * To create, start, change and cancel jobs. Includes reading, so that a caller who may not read the result is refused
 * before the change and not after it.
 */
export const writing = requires('jobs:read', 'jobs:write');

/** To read data sets, revisions and assets. */
export const readingCatalog = requires('catalog:read');

/** To create data sets and revisions, and to publish revisions. Includes reading, as `writing` does. */
export const writingCatalog = requires('catalog:read', 'catalog:write');

/** For what jobs and the catalog share, such as pages: one of the scopes is enough. */
export const readingEither = { anyScope: ['jobs:read', 'catalog:read'] as const satisfies readonly Scope[] };

/** To read credentials and the addresses of people. */
export const secret = requires('jobs:secrets');

/** To request a secret document about jobs, such as a label. */
export const readingSecrets = requires('jobs:read', 'jobs:secrets');

/**
 * Gives a caller without the scopes the result of `refuse`, instead of an error that would make the whole object null.
 */
export const withheldBy = (refuse: Refuse) => ({ withheld: refuse });
