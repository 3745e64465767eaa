/** Starts the gateway on a free port over its embedded emulator, with clients for both. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type ServerOptions, startServer } from '../../src/app/server.ts';
import { configFrom } from '../../src/config/config.ts';
import type { Watcher } from '../../src/watch/watcher.ts';
import { acceptedJson } from './accepted-json.ts';

import { ampleMemory } from './ample-memory.ts';
import { EmulatorControl } from './emulator-control.ts';

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
  readonly extensions?: Record<string, unknown>;
}

/** Parts that a test replaces. */
export type GatewayParts = Pick<
  ServerOptions,
  'awsCredentials' | 'boardFolder' | 'clock' | 'gauge' | 'onOperation' | 'store'
>;

export interface TestGateway {
  readonly url: string;
  readonly emulator: EmulatorControl;
  readonly watcher: Watcher;
  readonly metricsUrl: string | undefined;
  /** The lines that the gateway logged about unexpected errors. */
  readonly complaints: readonly string[];
  readonly ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>;
  readonly client: () => Client;
  readonly close: () => Promise<void>;
}

/** Polls fast. The emulator's jobs move only if a test moves them, as each state lasts an hour. Closed with the test. */
export async function startGateway(
  env: Readonly<Record<string, string>> = {},
  parts: GatewayParts = {},
): Promise<TestGateway> {
  const complaints: string[] = [];
  const settings = {
    PORT: '0',
    WAYBILL_POLL_MIN_MS: '20',
    WAYBILL_POLL_MAX_MS: '100',
    WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '100',
    WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '100',
    WAYBILL_EMULATOR_STEP_MS: '3600000',
  };
  const config = configFrom({ ...settings, WAYBILL_DATA_DIR: temporaryFolder(), ...env });
  const server = await startServer({ config, log: (line) => complaints.push(line), gauge: ampleMemory, ...parts });
  const close = onceOnly(server.close);
  onTestFinished(close);
  const { url, emulatorUrl = '', watcher, metricsUrl } = server;
  return {
    url,
    watcher,
    metricsUrl,
    complaints,
    close,
    emulator: new EmulatorControl(emulatorUrl),
    ask: (query, variables) => ask(url, query, variables),
    client: () => {
      const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
      onTestFinished(() => void client.dispose());
      return client;
    },
  };
}

/** A folder that is removed with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `close` once, however often it is called. */
function onceOnly(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= close();
    return closed;
  };
}

export async function ask(url: string, query: string, variables?: Record<string, unknown>): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: acceptedJson },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

/** The metrics as Prometheus reads them. */
export async function scraped(metricsUrl: string | undefined): Promise<string> {
  return (await fetch(metricsUrl ?? '')).text();
}

/** A root field of an answer, which must exist. */
export function field<T>(data: Answer['data'], name: string): T {
  if (data?.[name] === undefined) throw new Error(`expected the field ${name}, received ${JSON.stringify(data)}`);
  return data[name] as T;
}
