import type { ConnectionStatus } from 'waybill-client';

export const sentences: Record<ConnectionStatus, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  'catching-up': 'Catching up …',
  reconnecting: 'The connection is lost. Trying again …',
  offline: 'No network.',
  stale: 'The gateway cannot read some jobs at the moment.',
};
