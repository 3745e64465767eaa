/** The one connection of the page, over which everything live arrives. */
import { createClient } from 'graphql-ws';
import { resumable } from 'waybill-client';
import { createEventsClient } from 'waybill-client/sse';
import { graphqlUrl } from './gateway.ts';
import { token } from './session.ts';

function bearer(): Record<string, string> {
  const value = token();
  return value === undefined ? {} : { authorization: `Bearer ${value}` };
}

export const live = resumable(
  createClient({
    url: graphqlUrl.replace(/^http/, 'ws'),
    connectionParams: bearer,
    retryAttempts: 0,
    lazyCloseTimeout: 5_000,
  }),
  { fallback: createEventsClient({ url: graphqlUrl, headers: bearer }) },
);
