/** Apollo Server with its own standalone server, as in its documentation. Its document cache is on by default. */
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { port, reportUrl } from './listening.ts';
import { type Context, createContext, resolvers } from './resolvers.ts';
import { typeDefs } from './sdl.ts';

const server = new ApolloServer<Context>({ typeDefs, resolvers });
const { url } = await startStandaloneServer(server, {
  context: async () => createContext(),
  listen: { host: '127.0.0.1', port },
});

reportUrl(`${url}graphql`);
