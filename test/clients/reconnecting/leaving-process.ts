/** A process that subscribes and disposes in a given phase; it ends once nothing keeps it alive. Run by `exits.client.ts`. */
import { createClient } from 'graphql-ws';
import { resumable } from 'waybill-client';
import { WebSocket } from 'ws';

const [url = '', phase = '', waitMs = '0'] = process.argv.slice(2);

const client = resumable(createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 }));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

const stop = client.subscribe(
  { query: 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }' },
  { next: () => {}, error: () => say('error'), complete: () => say('complete') },
);

async function leave(): Promise<void> {
  if (phase === 'unsubscribed') stop();
  await client.dispose();
  say('disposed');
}

if (phase === 'open' || phase === 'unsubscribed')
  client.on('connected', () => setTimeout(() => void leave(), Number(waitMs)));
else setTimeout(() => void leave(), Number(waitMs));
