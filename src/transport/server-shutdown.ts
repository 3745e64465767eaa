/** Shuts the HTTP server down: waits for requests in flight, then cuts the remaining ones off and counts them. */
import type { Server, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';

/** The shutdown waits this long for operations under way. */
export const drainMs = 6_000;

/** The interval at which it closes kept-alive connections that have become idle. */
const sweepMs = 100;

/**
 * Tracks the requests of `server` from now on. The returned function closes the server and resolves to the number of
 * requests that it cut off.
 */
export function gracefulShutdownOf(server: Server, clock: Clock): () => Promise<number> {
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
