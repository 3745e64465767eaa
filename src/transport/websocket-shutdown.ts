/** Shuts the WebSockets down: closes each once its operations are answered, then cuts the remaining ones off and counts them. */
import { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import { drainMs } from './server-shutdown.ts';
import type { Connection } from './websocket-protocol.ts';

/** The closings are spread over this time, so that the clients do not all reconnect in the same moment. */
const spreadMs = 3_000;
const spreadPerSocketMs = 2;

/**
 * How long a peer may take to answer the close frame; and the shorter time for sockets that are closed last, as the
 * process then has little time left.
 */
const closeWaitMs = 1_500;
const lastCloseWaitMs = 500;

/**
 * Resolves once all sockets are closed, to the number that were cut off: those with an operation under way, or whose
 * peer did not answer the close frame. Streams were interrupted before, without a message; a query or a mutation keeps
 * its socket open until it is answered.
 */
export async function closeConnections(connections: ReadonlyMap<WebSocket, Connection>, clock: Clock): Promise<number> {
  const withinMs = Math.min(spreadMs, connections.size * spreadPerSocketMs);
  const endings = [...connections].map(([socket, connection]) =>
    closeGracefully(socket, connection, clock.random() * withinMs, clock),
  );
  return (await Promise.all(endings)).filter((isGraceful) => !isGraceful).length;
}

/**
 * After 1012, "service restart", the client of graphql-ws reconnects and repeats the operations that have not ended,
 * subscriptions among them.
 */
async function closeGracefully(
  socket: WebSocket,
  connection: Connection,
  delayMs: number,
  clock: Clock,
): Promise<boolean> {
  if (socket.readyState === WebSocket.CLOSED) return true;
  const endsAt = clock.monotonicMs() + drainMs + lastCloseWaitMs;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await isSettledWithin(delayMs, closed, clock);
  const isAnswered = await isSettledWithin(drainMs - delayMs, Promise.race([connection.answered(), closed]), clock);
  connection.close(1012, 'The gateway is restarting.');
  const isClosed = await isSettledWithin(Math.min(closeWaitMs, endsAt - clock.monotonicMs()), closed, clock);
  if (!isClosed) socket.terminate();
  await closed;
  return isAnswered && isClosed;
}

function isSettledWithin(ms: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const done = work.then(() => true);
  return within(ms, done, false, clock);
}
