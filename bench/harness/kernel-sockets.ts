/** Reads the server's connections from the kernel, since a reader that has stopped does not notice that it is cut off. */
import { existsSync, readFileSync } from 'node:fs';

export interface KernelSockets {
  readonly established: number;
  /** Bytes that the server has sent and the peer has not read. */
  readonly sendQueueBytes: number;
}

const established = '01';

/** Undefined without `/proc`. */
export function kernelSockets(port: number): KernelSockets | undefined {
  if (!existsSync('/proc/net/tcp')) return undefined;
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  let count = 0;
  let sendQueueBytes = 0;
  for (const row of rows) {
    const [, local, , state, queues] = row.trim().split(/\s+/);
    if (local?.endsWith(suffix) !== true || state !== established) continue;
    count += 1;
    sendQueueBytes += Number.parseInt(queues?.split(':')[0] ?? '0', 16);
  }
  return { established: count, sendQueueBytes };
}

/**
 * Connections that the kernel dropped since boot, on any port, because a server did not accept earlier ones in time;
 * their clients wait for seconds or for ever. 0 without `/proc`.
 */
export function droppedConnections(): number {
  if (!existsSync('/proc/net/netstat')) return 0;
  const [names = [], values = []] = readFileSync('/proc/net/netstat', 'utf8')
    .split('\n')
    .filter((row) => row.startsWith('TcpExt:'))
    .map((row) => row.split(' '));
  return Number(values[names.indexOf('ListenOverflows')] ?? 0);
}
