import { createClient } from 'graphql-ws';
import { resumable } from 'waybill-client';
import { createEventsClient } from 'waybill-client/sse';
import { authorization, gatewayUrl } from './gateway';

export const live = resumable(
  createClient({
    url: gatewayUrl.replace(/^http/, 'ws'),
    // A function: each connection has the token of its moment.
    connectionParams: authorization,
    // resumable does the waiting.
    retryAttempts: 0,
    // A page that changes its views keeps the connection.
    lazyCloseTimeout: 5_000,
  }),
  { fallback: createEventsClient({ url: gatewayUrl, headers: authorization }) },
);
