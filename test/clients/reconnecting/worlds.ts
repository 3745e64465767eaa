/** Gateways over an emulator that outlives them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { startRedis } from '../../support/redis.ts';

export interface World {
  readonly emulator: EmulatorControl;
  /** The port of a gateway that runs, or last ran. */
  readonly port: () => number;
  /** Ends one gateway, and resolves once another is in its place; of one gateway also without its log. */
  readonly replace: (signal: 'SIGKILL' | 'SIGTERM', isLogLost?: boolean) => Promise<void>;
}

export type Ask = (query: string, variables?: object) => Promise<Record<string, unknown>>;

export function askOf({ port }: Pick<World, 'port'>, headers: Readonly<Record<string, string>> = {}): Ask {
  return async (query, variables = {}) => {
    const response = await fetch(`http://127.0.0.1:${port()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
    if (!data || errors) throw new Error(`expected data, received ${JSON.stringify(errors)}`);
    return data;
  };
}

export function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port);
}

/** The emulator of a gateway that nobody asks. */
async function startEmulator(): Promise<EmulatorControl> {
  return new EmulatorControl((await startChildGateway()).emulatorUrl);
}

/** They poll fast. */
function settingsOver({ url }: EmulatorControl): Readonly<Record<string, string>> {
  return {
    WAYBILL_BACKEND: 'aws',
    WAYBILL_POLL_MIN_MS: '20',
    WAYBILL_POLL_MAX_MS: '100',
    WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '100',
    WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '100',
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
}

/** One gateway, which is started again on its data. */
export async function oneGateway(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const emulator = await startEmulator();
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-clients-'));
  const settings = { ...settingsOver(emulator), WAYBILL_DATA_DIR: dataDir, ...env };
  let gateway: ChildGateway = await startChildGateway(settings);
  return {
    emulator,
    port: () => portOf(gateway),
    replace: async (signal, isLogLost = false) => {
      await (signal === 'SIGKILL' ? gateway.die() : gateway.stop());
      if (isLogLost) rmSync(dataDir, { recursive: true });
      gateway = await startChildGateway(settings);
    },
  };
}

/** Two gateways over one Redis. Connections go to them in turn. */
export async function twoGateways(): Promise<World> {
  const [emulator, redis] = await Promise.all([startEmulator(), startRedis()]);
  const startMember = () => startChildGateway({ ...settingsOver(emulator), WAYBILL_REDIS_URL: redis.url });
  const members: ChildGateway[] = await Promise.all([startMember(), startMember()]);
  let connections = 0;
  return {
    emulator,
    port: () => {
      connections += 1;
      const member = members[connections % members.length];
      return member ? portOf(member) : 0;
    },
    replace: async (signal) => {
      const [member] = members;
      await (signal === 'SIGKILL' ? member?.die() : member?.stop());
      members.shift();
      members.push(await startMember());
    },
  };
}
