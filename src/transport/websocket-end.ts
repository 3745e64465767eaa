/** How the WebSockets end: each once what it was asked has been answered, and what takes too long is cut off and counted. */
import { WebSocket } from 'ws';
import type { Clock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import type { Conversation } from './websocket-protocol.ts';

/** Each of many sockets is closed at a moment of its own within this many milliseconds, so that not all come back in the same one. */
const spreadMs = 3_000;
const spreadPerSocketMs = 2;

/** What is under way is waited for as long as over HTTP. */
const drainMs = 6_000;

/** How long a peer may take to answer the closing of its socket, and where it was closed last: the process has little time left. */
const closeWaitMs = 1_500;
const lastCloseWaitMs = 500;

/**
 * Resolves once all are closed, to the number of those that were cut off: with something under way, or without an answer to their
 * closing. Streams have been ended before; a query or a mutation keeps its socket open until it is answered.
 */
export async function endConversations(
  conversations: ReadonlyMap<WebSocket, Conversation>,
  clock: Clock,
): Promise<number> {
  const withinMs = Math.min(spreadMs, conversations.size * spreadPerSocketMs);
  const endings = [...conversations].map(([socket, conversation]) =>
    endedInOrder(socket, conversation, clock.random() * withinMs, clock),
  );
  return (await Promise.all(endings)).filter((inOrder) => !inOrder).length;
}

/** 1012, "service restart", is a code after which the client of graphql-ws comes back, and asks again what was not answered. */
async function endedInOrder(
  socket: WebSocket,
  conversation: Conversation,
  delayMs: number,
  clock: Clock,
): Promise<boolean> {
  if (socket.readyState === WebSocket.CLOSED) return true;
  const endsAt = clock.monotonicMs() + drainMs + lastCloseWaitMs;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await isDoneWithin(delayMs, closed, clock);
  const isAnswered = await isDoneWithin(drainMs - delayMs, Promise.race([conversation.answered(), closed]), clock);
  conversation.close(1012, 'The gateway is restarting.');
  const isClosed = await isDoneWithin(Math.min(closeWaitMs, endsAt - clock.monotonicMs()), closed, clock);
  if (!isClosed) socket.terminate();
  await closed;
  return isAnswered && isClosed;
}

function isDoneWithin(ms: number, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const done = work.then(() => true);
  return within(ms, done, false, clock);
}
