/** The schema builder, with its plugins and the descriptions of Relay's types. */
import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from '../resolvers/context.ts';
import { nodeTypeName } from '../resolvers/node.ts';
import { readingEither } from './rights.ts';

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
      description: 'Anything that can be fetched again by its `id`.',
      resolveType: nodeTypeName,
    },
    idFieldOptions: { description: 'Globally unique and opaque. Do not parse it.' },
    pageInfoTypeOptions: {
      extensions: readingEither,
      description: 'Where a page lies in its list. Pages go forward only.',
    },
    startCursorFieldOptions: { description: 'The cursor of the first edge. Null on an empty page.' },
    endCursorFieldOptions: {
      description:
        'What to pass as `after` for the next page. Null on an empty page after which nothing more is known to come.',
    },
    hasNextPageFieldOptions: {
      description:
        'Whether there is more after this page. In a list of jobs, a service that could not be listed does not count, and with a `filter` there may be nothing more after all.',
    },
    hasPreviousPageFieldOptions: { description: 'Always false: nothing pages backward.' },
    pageInfoFieldOptions: { description: 'How to go on from this page.' },
    edgesFieldOptions: { description: 'The jobs of this page, each with its cursor.' },
    cursorFieldOptions: { description: 'What to pass as `after` to go on behind this very job.' },
    nodeFieldOptions: { description: 'The job. Null if it could not be read, with an error at its path.' },
    nodesOnConnection: {
      description: 'The jobs themselves. A job that could not be read is null, with an error at its path.',
    },
  },
});

builder.queryType({ description: 'What can be read. Each field says what it costs at AWS.' });
builder.mutationType({
  description:
    'What can be changed. A refusal that the caller can put right is in `userErrors`; what it cannot is an error with a code.',
});
builder.subscriptionType({
  description: 'What is pushed as it happens. However many watch a job, the service is polled for it once.',
});
