/** Closes WebSockets whose peers no longer answer pings. */
import { setImmediate as nextLoopIteration } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';

/** The interval of pings. A peer that has not answered one by the time of the next is cut off. */
const pingMs = 12_000;

export interface KeepAliveOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  /** Whether messages of the peer wait to be delivered, perhaps its pong among them. */
  readonly hasUndelivered: () => boolean;
  readonly onFault: (error: unknown) => void;
}

/** Pings until `socket` closes. */
export function keepAlive({ socket, clock, hasUndelivered, onFault }: KeepAliveOptions): void {
  let hasAnswered = true;
  const ping = async (): Promise<void> => {
    // If this process was blocked, the pong may have arrived and still be unread.
    if (!hasAnswered) await nextLoopIteration();
    if (socket.readyState !== socket.OPEN) return;
    if (!hasAnswered && !hasUndelivered()) return socket.terminate();
    hasAnswered = false;
    socket.ping();
    cancel = schedulePing();
  };
  const schedulePing = (): (() => void) => clock.schedule(() => void ping().catch(onFault), pingMs);
  let cancel = schedulePing();
  socket.on('pong', () => {
    hasAnswered = true;
  });
  socket.once('close', () => cancel());
}
