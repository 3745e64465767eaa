import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { possibleTypes } from 'waybill-client/cache';
import type { Event } from './events.ts';
import type { Read } from './libraries.ts';

export const readByApollo4: Read = (client, { query, variables, onEvent, onError, onComplete }) => {
  const apollo = new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache({ possibleTypes }) });
  const subscription = apollo.subscribe<Record<string, Event>>({ query: gql(query), variables }).subscribe({
    next: ({ data, error }) => {
      if (error) onError(error);
      for (const event of Object.values(data ?? {})) onEvent(event);
    },
    error: onError,
    complete: onComplete,
  });
  return () => subscription.unsubscribe();
};
