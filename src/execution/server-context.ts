/** Where operations go, and the type of what runs them. */
import type { YogaServerInstance } from 'graphql-yoga';
import type { TransportScope, YogaContext } from './operation-context.ts';

/** The path of operations over HTTP and over WebSockets. */
export const graphqlPath = '/graphql';

export type Yoga = YogaServerInstance<TransportScope, YogaContext>;
