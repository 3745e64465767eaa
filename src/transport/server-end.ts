/** How the HTTP server ends: requests in flight are finished, and what takes too long is cut off and counted. */
import type { Server, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';

/** Requests in flight are waited for so long. */
const drainMs = 6_000;

/** Between two looks for kept-alive connections that have fallen idle. */
const sweepMs = 100;

/**
 * Follows the requests of `server` from now on. The function it returns closes the server and resolves, once that is done, to the
 * number of requests that were cut off.
 */
export function gentleEndOf(server: Server, clock: Clock): () => Promise<number> {
  const inFlight = new Set<ServerResponse>();
  server.on('request', (_, response) => {
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
  });
  return async () => {
    let cut = 0;
    const cancelDeadline = clock.schedule(() => {
      cut = inFlight.size;
      server.closeAllConnections();
    }, drainMs);
    const sweep = (): void => {
      server.closeIdleConnections();
      cancelSweep = clock.schedule(sweep, sweepMs);
    };
    let cancelSweep = clock.schedule(sweep, sweepMs);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    cancelSweep();
    cancelDeadline();
    return cut;
  };
}
