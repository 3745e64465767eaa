import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { possibleTypes } from 'waybill-client/cache';
import { authorization, gatewayUrl } from '../gateway';
import { live } from '../live';

const http = new SetContextLink(async ({ headers }) => ({
  headers: { ...headers, ...(await authorization()) },
})).concat(new HttpLink({ uri: gatewayUrl }));

// The types of results depend on the error policies below.
declare module '@apollo/client' {
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
      interface Query {
        errorPolicy: 'all';
      }
      interface Mutate {
        errorPolicy: 'all';
      }
    }
  }
}

export const client = new ApolloClient({
  link: ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(live),
    http,
  ),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      // One list for each filter, whose pages follow each other.
      Query: { fields: { jobs: relayStylePagination(['filter']) } },
      // An event has no identity: each replaces the one before, of whatever type it was.
      Subscription: { fields: { jobActivity: { merge: false }, jobStateChanged: { merge: false } } },
    },
  }),
  // What cannot be read is null, with an error at its path. By default Apollo Client throws the rest away, too.
  defaultOptions: {
    watchQuery: { errorPolicy: 'all' },
    query: { errorPolicy: 'all' },
    mutate: { errorPolicy: 'all' },
  },
});
