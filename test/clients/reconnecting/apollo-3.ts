import { ApolloClient, gql, InMemoryCache } from 'apollo-client-3/core/index.js';
import { GraphQLWsLink } from 'apollo-client-3/link/subscriptions/index.js';
import { possibleTypes } from 'waybill-client/cache';
import type { Event } from './events.ts';
import type { Read } from './libraries.ts';

export const readByApollo3: Read = (client, { query, variables, onEvent, onError, onComplete }) => {
  const apollo = new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache({ possibleTypes }) });
  const subscription = apollo.subscribe<Record<string, Event>>({ query: gql(query), variables }).subscribe({
    next: ({ data, errors }) => {
      if (errors) onError(errors);
      for (const event of Object.values(data ?? {})) onEvent(event);
    },
    error: onError,
    complete: onComplete,
  });
  return () => subscription.unsubscribe();
};
