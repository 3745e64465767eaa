/** mercurius on fastify, which compiles a document when it arrives the second time (`jit: 1`). */
import { fastify } from 'fastify';
import { mercurius } from 'mercurius';
import { port, reportUrl } from './listening.ts';
import { type Context, createContext, resolvers } from './resolvers.ts';
import { typeDefs } from './sdl.ts';

declare module 'mercurius' {
  interface MercuriusContext extends Context {}
}

const app = fastify();
await app.register(mercurius, { schema: typeDefs, resolvers, context: createContext, jit: 1 });

reportUrl(`${await app.listen({ host: '127.0.0.1', port })}/graphql`);
