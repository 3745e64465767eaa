/** What the page of `browser.client.ts` runs. */
import { createClient } from 'graphql-ws';
import { createOnce, type ResumableClient, resumable } from 'waybill-client';

export interface PageApi {
  readonly connect: (url: string) => void;
  readonly subscribe: (query: string) => void;
  readonly createOnce: typeof createOnce;
  client: ResumableClient | undefined;
  readonly shown: string[];
  /** The cursors of events, and `error` or `complete`. */
  readonly read: unknown[];
}

const api: PageApi = {
  client: undefined,
  shown: [],
  read: [],
  createOnce,
  connect: (url) => {
    const client = resumable(createClient({ url, retryAttempts: 0 }), { toleranceMs: 100 });
    client.status.subscribe(() => api.shown.push(client.status.getSnapshot()));
    api.client = client;
  },
  subscribe: (query) =>
    void api.client?.subscribe<Record<string, { cursor: string }>>(
      { query },
      {
        next: ({ data }) => api.read.push(...Object.values(data ?? {}).map(({ cursor }) => cursor)),
        error: () => api.read.push('error'),
        complete: () => api.read.push('complete'),
      },
    ),
};

Object.assign(globalThis, { api });
