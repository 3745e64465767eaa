/**
 * The same subscription as a team would write it today, with graphql-yoga, graphql-ws and the AWS SDK as their
 * documentation shows them: one async generator per subscriber, which reads its job every interval.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { DataExchangeClient, GetJobCommand } from '@aws-sdk/client-dataexchange';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';

const pollMs = Number(process.env['POLL_MS']);
const dataExchange = new DataExchangeClient({});

const typeDefs = `
  type Query { isAlive: Boolean! }
  type Job { id: ID!, state: String! }
  interface JobEvent { observedAt: String!, cursor: String }
  type JobStateChange implements JobEvent { previousState: String, state: String!, observedAt: String!, cursor: String, job: Job! }
  type Subscription { jobStateChanged(ids: [ID!]!): JobEvent! }
`;

const finishedStates: ReadonlySet<string> = new Set(['COMPLETED', 'ERROR', 'CANCELLED', 'TIMED_OUT']);

async function* changesOf(id: string) {
  const [, awsJobId = ''] = Buffer.from(id, 'base64url').toString().split(':');
  let previousState: string | null = null;
  while (previousState === null || !finishedStates.has(previousState)) {
    const { State: state = 'UNKNOWN' } = await dataExchange.send(new GetJobCommand({ JobId: awsJobId }));
    if (state !== previousState) {
      const observedAt = new Date().toISOString();
      yield { jobStateChanged: { previousState, state, observedAt, cursor: null, job: { id, state } } };
      previousState = state;
    }
    await pause(pollMs);
  }
}

const schema = createSchema({
  typeDefs,
  resolvers: {
    JobEvent: { __resolveType: () => 'JobStateChange' },
    Query: { isAlive: () => true },
    Subscription: {
      jobStateChanged: {
        subscribe: (_parent: unknown, { ids }: { ids: readonly string[] }) => changesOf(ids[0] ?? ''),
      },
    },
  },
});

const yoga = createYoga({ schema, logging: false });
const server = createServer((request, response) => void yoga(request, response));
const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint });

interface Root {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

// The recipe of Yoga's documentation for graphql-ws.
useServer(
  {
    execute: (args) => (args.rootValue as Root).execute(args) as never,
    subscribe: (args) => (args.rootValue as Root).subscribe(args) as never,
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  sockets,
);

server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on http://127.0.0.1:${port}${yoga.graphqlEndpoint}\n`);
});
