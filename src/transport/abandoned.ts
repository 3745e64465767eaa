/** Finds out that a client has gone before its first request is executed. */
import type { IncomingMessage } from 'node:http';
import { setImmediate as loopIteration } from 'node:timers/promises';

/**
 * Whether the client closed the connection behind `request`, the first of the connection; undefined for later requests, which cannot
 * have waited long. A connection that waited in the kernel's queue until its client gave up is accepted like any other, its request
 * is read, and only the next iteration of the event loop reads its end. Under overload most are such, and to execute them, ten times
 * the work, keeps the queue so long that nobody is answered in time. It costs others some microseconds a connection.
 */
export function isAbandoned(request: IncomingMessage): Promise<boolean> | undefined {
  return request.socket.bytesWritten === 0 ? endOf(request) : undefined;
}

async function endOf({ socket }: IncomingMessage): Promise<boolean> {
  // The first comes before the event loop looks at its connections again, the second after that.
  await loopIteration();
  await loopIteration();
  return socket.readableEnded || socket.destroyed;
}
