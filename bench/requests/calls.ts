/** The same read, sent to a gateway and to the service directly. */
import { DataExchangeClient, GetJobCommand } from '@aws-sdk/client-dataexchange';
import type { SeededJob } from '../harness/emulator-control.ts';
import { credentials } from '../harness/servers.ts';
import type { Call } from './load.ts';

const document = 'query ($id: ID!) { job(id: $id) { id state } }';

/** With `token` for a gateway with authentication. */
export function gatewayCalls(url: string, jobs: readonly SeededJob[], token?: string): readonly Call[] {
  const path = new URL(url).pathname;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return jobs.map(({ id }) => ({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization },
    body: JSON.stringify({ query: document, variables: { id } }),
  }));
}

/** GetJob as the SDK signs it. A signature is valid for minutes and any number of times. */
export async function serviceCalls(emulatorUrl: string, jobs: readonly SeededJob[]): Promise<readonly Call[]> {
  const calls: Call[] = [];
  const client = new DataExchangeClient({
    endpoint: emulatorUrl,
    region: credentials.AWS_REGION,
    credentials: { accessKeyId: credentials.AWS_ACCESS_KEY_ID, secretAccessKey: credentials.AWS_SECRET_ACCESS_KEY },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      const { path, headers } = args.request as { readonly path: string; readonly headers: Record<string, string> };
      calls.push({ method: 'GET', path, headers: { ...headers } });
      return next(args);
    },
    // After the signature, which is added in the same step.
    { step: 'finalizeRequest', priority: 'low', name: 'overhear' },
  );
  for (const { awsJobId } of jobs) await client.send(new GetJobCommand({ JobId: awsJobId }));
  client.destroy();
  return calls;
}
