import { Client, fetchExchange, subscriptionExchange } from 'urql';
import { authorization, gatewayUrl } from '../gateway';
import { live } from '../live';
import { cache } from './cache';

export const client = new Client({
  url: gatewayUrl,
  // Without it urql sends queries by GET, and ids of jobs get into the logs of proxies.
  preferGetMethod: false,
  fetch: async (input, init) => fetch(input, { ...init, headers: { ...init?.headers, ...(await authorization()) } }),
  exchanges: [
    cache,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: live.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});
