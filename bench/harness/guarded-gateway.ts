/** A gateway that asks its callers for tokens. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayEnvironment, Server, type StartServer, waybill } from './servers.ts';

export interface GuardedGateway<Name extends string> {
  readonly start: StartServer;
  /** Once it has been started. */
  readonly tokenOf: (name: Name) => string;
}

/** One whose callers `names` may read jobs, with the settings `env` beside the usual ones. */
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

/** The command prints the token in its last line. */
function addedToken(name: string, env: Readonly<Record<string, string>>): string {
  const args = [waybill, 'token', 'add', '--name', name, '--scopes', 'jobs:read'];
  const lines = execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trim().split('\n');
  return lines.at(-1) ?? '';
}
