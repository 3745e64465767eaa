/** Starts gateways with token authentication. */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { gatewayEnvironment, Server, type StartServer, waybill } from './servers.ts';

export interface GuardedGateway<Name extends string> {
  readonly start: StartServer;
  /** Available once the gateway has started. */
  readonly tokenOf: (name: Name) => string;
}

/** A gateway whose callers `names` may read jobs, with the settings `env`. */
export function guardedGateway<Name extends string>(
  names: readonly Name[],
  env: Readonly<Record<string, string>>,
): GuardedGateway<Name> {
  const tokens = new Map<Name, string>();
  return {
    tokenOf: (name) => {
      const token = tokens.get(name);
      if (token === undefined) throw new Error(`expected a token for ${name}, received none`);
      return token;
    },
    start: (emulatorUrl, polling) => {
      const folder = mkdtempSync(join(tmpdir(), 'waybill-guarded-'));
      const guard = { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: join(folder, 'tokens.json') };
      for (const name of names) tokens.set(name, addedToken(name, guard));
      const usual = gatewayEnvironment(emulatorUrl, polling, join(folder, 'data'));
      const clear = (): void => rmSync(folder, { recursive: true, force: true });
      return Server.start([waybill], { ...usual, ...guard, ...env }, clear);
    },
  };
}

export interface CrowdedGateway {
  readonly start: StartServer;
  readonly tokens: readonly string[];
  /** Available once the gateway has started. */
  readonly metricsUrl: () => string;
}

/** A gateway with `count` callers who may read jobs, too many for the command, with the settings `env`. */
export function crowdedGateway(count: number, env: Readonly<Record<string, string>>): CrowdedGateway {
  let metricsPort = 0;
  const tokens = Array.from({ length: count }, () => `wbt_${randomBytes(32).toString('base64url')}`);
  const entries = tokens.map((token, index) => ({
    name: `caller-${index}`,
    hash: `sha256:${createHash('sha256').update(token).digest('base64url')}`,
    scopes: ['jobs:read'],
  }));
  return {
    tokens,
    metricsUrl: () => `http://127.0.0.1:${metricsPort}/metrics`,
    start: async (emulatorUrl, polling) => {
      metricsPort = await freePort();
      const folder = mkdtempSync(join(tmpdir(), 'waybill-crowded-'));
      const file = join(folder, 'tokens.json');
      writeFileSync(file, JSON.stringify({ tokens: entries }), { mode: 0o600 });
      const usual = gatewayEnvironment(emulatorUrl, polling, join(folder, 'data'));
      const guard = { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: file, WAYBILL_METRICS_PORT: String(metricsPort) };
      const clear = (): void => rmSync(folder, { recursive: true, force: true });
      return Server.start([waybill], { ...usual, ...guard, ...env }, clear);
    },
  };
}

/** The command prints the token in its last line. */
function addedToken(name: string, env: Readonly<Record<string, string>>): string {
  const args = [waybill, 'token', 'add', '--name', name, '--scopes', 'jobs:read'];
  const lines = execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trim().split('\n');
  return lines.at(-1) ?? '';
}
