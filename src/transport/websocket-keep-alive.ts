/** Gives up WebSockets whose peers no longer answer. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';

/** A peer that has not answered a ping by the time of the next one is cut off. */
const pingMs = 12_000;

export interface KeepAliveOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** Whether what the peer sent is still to be read, its answer perhaps among it. */
  readonly isBehind: () => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Until `socket` closes. */
export function keepAlive({ socket, clock, isBehind, onFault }: KeepAliveOptions): void {
  let hasAnswered = true;
  const ping = async (): Promise<void> => {
    // Where this process was held up, the answer has come and is still to be read.
    if (!hasAnswered) await nextTurn();
    if (socket.readyState !== socket.OPEN) return;
    if (!hasAnswered && !isBehind()) return socket.terminate();
    hasAnswered = false;
    socket.ping();
    cancel = later();
  };
  const later = (): (() => void) => clock.schedule(() => void ping().catch(onFault), pingMs);
  let cancel = later();
  socket.on('pong', () => {
    hasAnswered = true;
  });
  socket.once('close', () => cancel());
}
