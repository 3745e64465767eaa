/**
 * graphql-ws over one socket of ws. What its own adapter does (`graphql-ws/use/ws` 6.4.2: "feel free to copy the code over and
 * adjust it"), which writes to the console: each stranger who leaves in the middle of a write, with a stack.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CloseCode, type Server } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Clock } from './clock.ts';

export interface Conversation {
  /** Resolves once nothing is under way: every operation has its result, or its end, and the last of it is written. */
  readonly answered: () => Promise<void>;
}

export interface ConversationOptions extends Extra {
  readonly protocol: Server<Extra>;
  readonly clock: Clock;
  /** Takes an error that is a fault of this program, after which the socket is closed. */
  readonly onFault: (error: unknown) => void;
}

/** Speaks until the socket closes. */
export function converse({ socket, request, protocol, clock, onFault }: ConversationOptions): Conversation {
  // ws itself closes the socket, with the code that says what was wrong.
  socket.on('error', () => {});
  const fail = (error: unknown): void => {
    onFault(error);
    socket.close(CloseCode.InternalServerError, 'Internal server error');
  };
  const underWay = new UnderWay();
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => sent(socket, text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) =>
        socket.on('message', (data) => {
          underWay.begin();
          void handle(String(data)).catch(fail).then(underWay.end);
        }),
    },
    { socket, request },
  );
  const endKeepAlive = keepAlive(socket, clock, fail);
  socket.once('close', (code, reason) => {
    endKeepAlive();
    closed(code, String(reason)).catch(onFault);
  });
  return { answered: () => underWay.none() };
}

/** Counts the messages of a peer that are not done with: that which asks for an operation lasts as long as the operation. */
class UnderWay {
  #count = 0;
  #onNone = (): void => {};

  begin(): void {
    this.#count += 1;
  }

  /** One function for all operations of a socket, each of which may be kept for days. */
  readonly end = (): void => {
    this.#count -= 1;
    if (this.#count === 0) this.#onNone();
  };

  /** Resolves once there are none. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onNone = resolve;
    });
  }
}

/** Resolves once `text` has been written, or never will be: its peer has gone, and the socket's end ends all that it had under way. */
function sent(socket: Extra['socket'], text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

/** A peer that has not answered a ping by the time of the next one is cut off. */
const pingMs = 12_000;

function keepAlive(socket: Extra['socket'], clock: Clock, onFault: (error: unknown) => void): () => void {
  let hasAnswered = true;
  const ping = async (): Promise<void> => {
    // Where this process was held up, the answer has come and is still to be read.
    if (!hasAnswered) await nextTurn();
    if (socket.readyState !== socket.OPEN) return;
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
    cancel = clock.schedule(() => void ping().catch(onFault), pingMs);
  };
  let cancel = clock.schedule(() => void ping().catch(onFault), pingMs);
  socket.on('pong', () => {
    hasAnswered = true;
  });
  return () => cancel();
}
