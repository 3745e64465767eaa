/** The schema builder, with its plugins and the descriptions of Relay's types. */
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../resolvers/context.ts';
import { nodeTypeName } from '../resolvers/node.ts';
import { readingEither } from './rights.ts';

/** The options of `id`, for each type of a `Node`. */
export const globalId = { description: 'Unique among all objects of this API, and opaque: do not parse it.' } as const;

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  Scalars: {
    /** The input is null for an empty text. */
    DateTime: { Input: Date | null; Output: Date };
    ID: { Input: string; Output: string };
  };
}>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  relay: {
    // Waybill defines `node` and `nodes` itself: the plugin's `nodes` fails as a whole for one malformed id.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: {
      extensions: readingEither,
      description: 'What `node` and `nodes` can read again by its `id`.',
      resolveType: nodeTypeName,
    },
    idFieldOptions: globalId,
    pageInfoTypeOptions: {
      extensions: readingEither,
      description:
        'Where a page lies in its list. All pages go forward only, and no list has a total: the services give none.',
    },
    startCursorFieldOptions: { description: 'The cursor of the first edge. Null on an empty page.' },
    endCursorFieldOptions: {
      description:
        'What to pass as `after` for the next page. Null on an empty page after which nothing more is known to come.',
    },
    hasNextPageFieldOptions: {
      description:
        'Whether there is more after this page. In a list of jobs a service that could not be listed does not count, and with a `filter` the rest of the list may have no job that fits.',
    },
    hasPreviousPageFieldOptions: { description: 'Always false.' },
    pageInfoFieldOptions: { description: 'How to go on from this page.' },
    edgesFieldOptions: { description: 'The jobs of this page, each with its cursor.' },
    cursorFieldOptions: { description: 'What to pass as `after` to go on behind this very job.' },
    nodeFieldOptions: { description: 'The job. Null if it could not be read, with an error at its path.' },
    nodesOnConnection: {
      description: 'The jobs themselves. A job that could not be read is null, with an error at its path.',
    },
  },
});

builder.queryType({
  description:
    'What can be read. Each field says what it costs; the description of the schema explains the words for that.',
});
builder.mutationType({
  description:
    'What can be changed. A refusal that the caller can put right is in `userErrors`; any other is an error with a code. Each mutation counts 10 points unless it says otherwise. Those on jobs need the scopes `jobs:read` and `jobs:write`, those on data sets and revisions `catalog:read` and `catalog:write`.',
});
builder.subscriptionType({
  description:
    'What is pushed as it happens. AWS pushes nothing, so the gateway asks it again and again (it *polls*): once for all who watch a job.',
});
