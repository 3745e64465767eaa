/** The gateway as an operator runs it for AWS: a process with a key, callers with tokens, and services that can fail. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createEmulator } from '../../../src/emulator/index.ts';
import { serveEmulator } from '../../../src/emulator/server.ts';
import type { Scope } from '../../../src/identity/caller.ts';
import { addToken } from '../../../src/identity/token-changes.ts';
import { type ChildGateway, type ChildOptions, startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { type Planted, secrets } from '../../support/planted-secrets.ts';

/** The only key that the emulator accepts. It must be as invisible as the planted secrets. */
export const ownKey = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

export interface CanaryGateway extends ChildGateway {
  readonly emulator: EmulatorControl;
  /** The values that must not appear: planted secrets, the key, and the tokens of all callers. */
  readonly canaries: readonly Planted[];
  /** Tokens of a caller with every scope, and of one without jobs:secrets. */
  readonly tokens: { readonly trusted: string; readonly other: string };
  readonly close: () => Promise<void>;
}

const withoutSecrets: readonly Scope[] = ['jobs:read', 'jobs:write', 'schema:read'];

export async function startCanaryGateway(
  env: Readonly<Record<string, string>> = {},
  options: ChildOptions = {},
): Promise<CanaryGateway> {
  const { emulator, closeEmulator } = await startEmulator();
  const folder = await mkdtemp(join(tmpdir(), 'canary-'));
  const path = join(folder, 'tokens.json');
  const trusted = await addToken(path, { name: 'trusted', scopes: [...withoutSecrets, 'jobs:secrets'] });
  const other = await addToken(path, { name: 'other', scopes: [...withoutSecrets] });
  const gateway = await startChildGateway(
    { ...settings, AWS_ENDPOINT_URL: emulator.url, WAYBILL_TOKENS_FILE: path, ...env },
    { ...options, endsWithTest: false },
  );
  const tokens = Object.entries({ trusted, other }).map(([name, token]) => canary(`the token of ${name}`, token));
  return {
    ...gateway,
    emulator,
    canaries: [...secrets, ...tokens, canary('the secret key in use', ownKey.secretAccessKey)],
    tokens: { trusted, other },
    close: async () => {
      await gateway.stop();
      await closeEmulator();
      await rm(folder, { recursive: true });
    },
  };
}

function canary(kind: string, value: string): Planted {
  return { kind, value, needle: value };
}

const unlimited = '1000000000';

const settings = {
  WAYBILL_BACKEND: 'aws',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: ownKey.accessKeyId,
  AWS_SECRET_ACCESS_KEY: ownKey.secretAccessKey,
  WAYBILL_AUTH: 'tokens',
  WAYBILL_LOG_LEVEL: 'debug',
  WAYBILL_MAX_COST_PER_MINUTE: unlimited,
  WAYBILL_MAX_SOCKETS_PER_CALLER: unlimited,
  WAYBILL_MAX_MESSAGES_PER_SECOND: unlimited,
};

async function startEmulator() {
  const { now } = systemClock;
  const emulator = createEmulator({
    clock: systemClock,
    wallClock: now,
    stepMs: 3_600_000,
    origin: (): string => `http://127.0.0.1:${listener.port}`,
  });
  const listener = await serveEmulator(emulator, 0);
  emulator.addDemoJobs();
  return { emulator: new EmulatorControl(`http://127.0.0.1:${listener.port}`), closeEmulator: listener.close };
}
