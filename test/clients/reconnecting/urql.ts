import { Client, gql, subscriptionExchange } from 'urql';
import type { Event } from './events.ts';
import type { Read } from './libraries.ts';

export const readByUrql: Read = (client, { query, variables, onEvent, onError, onComplete }) => {
  const urql = new Client({
    url: 'http://127.0.0.1/graphql',
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query: text = '', variables: values, operationName }) => ({
          subscribe: (sink) => {
            const payload = { query: text, variables: { ...values }, ...(operationName && { operationName }) };
            const unsubscribe = client.subscribe(payload, {
              next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
              error: (error) => sink.error(error),
              complete: () => {
                sink.complete();
                onComplete();
              },
            });
            return { unsubscribe };
          },
        }),
      }),
    ],
  });
  let shown: unknown;
  const { unsubscribe } = urql
    .subscription<Record<string, Event>>(gql(query), variables)
    .subscribe(({ data, error }) => {
      if (error) onError(error);
      // At the end urql (5.0.4) gives the last result once more.
      if (data === shown) return;
      shown = data;
      for (const event of Object.values(data ?? {})) onEvent(event);
    });
  return unsubscribe;
};
