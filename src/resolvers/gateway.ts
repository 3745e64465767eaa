/** Resolves what a page shows of the gateway itself. */
import type { AskedServices } from '../backends/backend.ts';
import { version } from '../base/version.ts';
import { hasScope, type Scope, scopes } from '../identity/caller.ts';
import type { Context } from './context.ts';

export interface Gateway extends AskedServices {
  readonly version: string;
  readonly scopes: readonly Scope[];
}

export function gateway(_parent: unknown, _args: object, { caller, services }: Context): Gateway {
  return { ...services, version, scopes: scopes.filter((scope) => hasScope(caller, scope)) };
}

export function region(gateway: Gateway): Promise<string | null> {
  return gateway.region();
}
