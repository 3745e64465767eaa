/** A small subgraph of another team, for Relay as well: tickets about jobs, owners of jobs, stewards of data sets. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { buildSchema, graphql } from 'graphql';
import { type Listening, listening } from './listening.ts';

/** It knows `Job` as one type, whatever types of jobs there are. */
export const ticketsText = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.4", import: ["@key", "@shareable", "@interfaceObject"])

  type Query {
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    tickets(jobIds: [ID!]!, dataSetId: ID): TicketConnection!
  }

  interface Node { id: ID! }

  type TicketConnection { nodes: [Ticket!]!, pageInfo: PageInfo! }

  type PageInfo @shareable {
    endCursor: String
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
  }

  type Ticket implements Node @key(fields: "id") { id: ID!, title: String!, job: Job, dataSet: DataSet }

  type Job @interfaceObject @key(fields: "id") { id: ID!, owner: String }

  type DataSet @key(fields: "id") { id: ID!, steward: String }
`;

/** What a library for subgraphs would add. */
const added = `
  directive @link(url: String!, import: [String]) on SCHEMA
  directive @key(fields: String!) on OBJECT
  directive @shareable on OBJECT
  directive @interfaceObject on OBJECT
  scalar _Any
  union _Entity = DataSet | Job | Ticket
  extend type Query { _entities(representations: [_Any!]!): [_Entity]! }
`;

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

const owner = 'Jane';
const steward = 'Joe';

const rootValue = {
  node: ({ id }: { readonly id: string }) => ({ __typename: 'Ticket', id, title: 'About a job' }),
  tickets: ({ jobIds, dataSetId }: { readonly jobIds: readonly string[]; readonly dataSetId?: string }) => ({
    nodes: jobIds.map((id, index) => ({
      id: `ticket-${index}`,
      title: `About job ${index}`,
      job: { id, owner },
      dataSet: dataSetId === undefined ? null : { id: dataSetId, steward },
    })),
    pageInfo: { hasNextPage: false, hasPreviousPage: false },
  }),
  _entities: ({ representations }: { readonly representations: readonly Representation[] }) =>
    representations.map(({ __typename, id }) => ({ __typename, id, owner, steward })),
};

export function startTicketsSubgraph(): Promise<Listening> {
  const schema = buildSchema(ticketsText + added);
  const server = createServer(async (request, response) => {
    const { query, variables } = JSON.parse(await text(request));
    const result = await graphql({ schema, source: query, rootValue, variableValues: variables });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  return listening(server);
}
