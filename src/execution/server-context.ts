/** The path of the GraphQL endpoint, and the type of the Yoga server. */
import type { YogaServerInstance } from 'graphql-yoga';
import type { TransportScope, YogaContext } from './operation-context.ts';

/** The path of the GraphQL endpoint on every transport. */
export const graphqlPath = '/graphql';

export type Yoga = YogaServerInstance<TransportScope, YogaContext>;
