/** A process that writes the cursor of each event. Run by `exits.client.ts`. */
import { createClient } from 'graphql-ws';
import { resumable } from 'waybill-client';
import { WebSocket } from 'ws';

const [url = ''] = process.argv.slice(2);

const client = resumable(createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }), {
  pingAfterMs: 1_000,
});

client.subscribe<{ jobActivity: { cursor: string } }>(
  { query: 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }' },
  {
    next: ({ data }) => process.stdout.write(`${data?.jobActivity.cursor}\n`),
    error: (error) => process.stdout.write(`error ${JSON.stringify(error)}\n`),
    complete: () => process.stdout.write('complete\n'),
  },
);
