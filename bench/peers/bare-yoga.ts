/**
 * A minimal server for the same query: graphql-yoga and the AWS SDK as their documentation shows them, one field with
 * one GetJob. It has no authorization, no limits, no retries except the SDK's, and one service.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DataExchangeClient, GetJobCommand } from '@aws-sdk/client-dataexchange';
import { createSchema, createYoga } from 'graphql-yoga';

const dataExchange = new DataExchangeClient({});

const typeDefs = `
  type Query { job(id: ID!): Job }
  type Job { id: ID!, state: String! }
`;

async function jobOf(_parent: unknown, { id }: { readonly id: string }) {
  const [, awsJobId = ''] = Buffer.from(id, 'base64url').toString().split(':');
  const { State: state } = await dataExchange.send(new GetJobCommand({ JobId: awsJobId }));
  return { id, state };
}

const schema = createSchema({ typeDefs, resolvers: { Query: { job: jobOf } } });
const yoga = createYoga({ schema, logging: false });
const server = createServer((request, response) => void yoga(request, response));

server.listen(Number(process.env['PORT']), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on http://127.0.0.1:${port}${yoga.graphqlEndpoint}\n`);
});
