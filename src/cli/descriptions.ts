/** Says in a few words what the settings mean, for the greeting and for `check-config`. */
import type { Config } from '../config/config.ts';

export function callersDescription({ auth }: Config): string {
  if (auth.mode === 'none') return 'not authenticated, so only this machine is served (WAYBILL_AUTH=none)';
  return auth.mode === 'tokens'
    ? `those with a token of ${auth.file}`
    : `those with a JSON Web Token of ${auth.issuer}`;
}

export function backendDescription({ backend, endpoints }: Config): string {
  if (backend === 'emulator') return 'emulator';
  const places = [endpoints.dataExchange ?? 'AWS Data Exchange', endpoints.importExport ?? 'AWS Import/Export'];
  return `aws: ${places.join(' and ')}`;
}
