/** graphql-yoga as in its documentation. Its caches of parsed and validated documents are on by default. */
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { listen } from './listening.ts';
import { type Context, createContext, resolvers } from './resolvers.ts';
import { typeDefs } from './sdl.ts';

const schema = createSchema<Context>({ typeDefs, resolvers });
const yoga = createYoga({ schema, context: createContext, logging: false });

listen(createServer((request, response) => void yoga(request, response)));
