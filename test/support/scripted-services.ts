/** A gateway over a server on loopback that responds for both services as a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { type GatewayParts, startGateway, type TestGateway } from './gateway.ts';
import { settingsOver } from './lasting-emulator.ts';

export interface ServiceCall {
  /** The emulator's name of the operation, such as `DataExchange.ListJobs`. */
  readonly operation: string;
  /** The query of a call to Data Exchange, the form of one to Import/Export. */
  readonly parameters: URLSearchParams;
  /** The id in the path of a call to Data Exchange. */
  readonly awsJobId: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** Returns the response, or undefined if it has written the response itself. */
export type Responder = (call: ServiceCall, response: ServerResponse) => ScriptedAnswer | undefined;

export interface ScriptedServices {
  readonly gateway: TestGateway;
  readonly calls: readonly ServiceCall[];
  /** The number of calls of each operation. */
  readonly count: (operation: string) => number;
}

const awsCredentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** Runs until the test ends. */
export async function startScripted(
  respond: Responder,
  env: Readonly<Record<string, string>> = {},
  parts: GatewayParts = {},
): Promise<ScriptedServices> {
  const calls: ServiceCall[] = [];
  const server = createServer(async (request, response) => {
    const call = await callFrom(request);
    calls.push(call);
    const answer = respond(call, response);
    if (answer !== undefined) send(answer, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // Read by the AWS SDK.
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const settings = settingsOver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const gateway = await startGateway({ ...settings, ...env }, { awsCredentials, ...parts });
  return { gateway, calls, count: (operation) => calls.filter((call) => call.operation === operation).length };
}

async function callFrom(request: IncomingMessage): Promise<ServiceCall> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { headers } = request;
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, awsJobId = ''] = /^\/v1\/jobs\/(\w+)$/.exec(pathname) ?? [];
  if (!pathname.startsWith('/v1/')) {
    const parameters = new URLSearchParams(body);
    return { operation: `ImportExport.${parameters.get('Action')}`, parameters, awsJobId, body, headers };
  }
  const operation = `DataExchange.${names[`${request.method} ${awsJobId === '' ? '' : 'id'}`] ?? 'Unknown'}`;
  return { operation, parameters: searchParams, awsJobId, body, headers };
}

const names: Readonly<Record<string, string>> = {
  'GET ': 'ListJobs',
  'GET id': 'GetJob',
  'POST ': 'CreateJob',
  'PATCH id': 'StartJob',
  'DELETE id': 'CancelJob',
};

function send({ status = 200, headers = {}, body = '' }: ScriptedAnswer, response: ServerResponse): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The `number`th newest job of Data Exchange in the form of a reply. */
export function wireJob(number: number, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const createdAt = new Date(Date.parse('2024-03-01T09:30:00.000Z') - number * 1_000).toISOString();
  return {
    Id: wireId(number),
    Type: 'IMPORT_ASSETS_FROM_S3',
    State: 'WAITING',
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Details: { ImportAssetsFromS3: { AssetSources: [{ Bucket: 'b', Key: 'k' }] } },
    ...changes,
  };
}

export function wireId(number: number): string {
  return String(number).padStart(32, '0');
}

/** An entry of Import/Export's list. */
export interface WireEntry {
  readonly id: string;
  readonly date?: string;
  readonly isCanceled?: boolean;
}

export function wireList(entries: readonly WireEntry[], isTruncated: boolean): string {
  const members = entries.map(
    ({ id, date = '2024-03-01T09:30:00Z', isCanceled = false }) =>
      `<member><JobId>${id}</JobId><CreationDate>${date}</CreationDate><IsCanceled>${isCanceled}</IsCanceled><JobType>Import</JobType></member>`,
  );
  return `<ListJobsResponse><ListJobsResult><Jobs>${members.join('')}</Jobs><IsTruncated>${isTruncated}</IsTruncated></ListJobsResult></ListJobsResponse>`;
}

/** One exception of Import/Export. */
export function wireException(code: string): ScriptedAnswer {
  return { status: 400, body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>` };
}
