/** Resolves what a page shows of the gateway itself. */
import { version } from '../base/version.ts';
import { hasScope, type Scope, scopes } from '../identity/caller.ts';
import type { Context } from './context.ts';

export interface Gateway {
  readonly backend: 'AWS' | 'EMULATOR';
  readonly region: () => Promise<string | null>;
  readonly version: string;
  readonly scopes: readonly Scope[];
}

/** The services that a gateway asks. */
export interface AskedServices {
  readonly backend: Gateway['backend'];
  /** Of Data Exchange; null if AWS's default chain finds none. Import/Export has one endpoint for all regions. */
  readonly region: () => Promise<string | null>;
}

export function gateway(_parent: unknown, _args: object, { caller, services }: Context): Gateway {
  return { ...services, version, scopes: scopes.filter((scope) => hasScope(caller, scope)) };
}
