/** Finds out on which connection a request went out. undici says so only by its diagnostics channels (7.x, "Diagnostics"). */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

interface Dispatch {
  socket?: Socket;
  isReused?: boolean;
  /** Received on the socket when the request went out. */
  bytesBefore?: number;
}

export interface ObservedRequest<T> {
  readonly sent: Promise<T>;
  /** Whether it went out on a used connection, on which no byte has come since. */
  readonly wasClosedUnanswered: () => boolean;
}

/**
 * Of the request that is being handed to undici, which announces it before `request` returns. Not an `AsyncLocalStorage`: on Node 20 the
 * first use of one makes every promise of the process call a hook.
 */
let current: Dispatch | undefined;
const dispatches = new WeakMap<object, Dispatch>();
const usedSockets = new WeakSet<Socket>();

/** Runs `send`, which must make one undici request at once: a request that undici queues counts as one on a new connection. */
export function observed<T>(send: () => Promise<T>): ObservedRequest<T> {
  const dispatch: Dispatch = {};
  return {
    sent: handedOver(dispatch, send),
    wasClosedUnanswered: () => dispatch.isReused === true && dispatch.socket?.bytesRead === dispatch.bytesBefore,
  };
}

function handedOver<T>(dispatch: Dispatch, send: () => Promise<T>): Promise<T> {
  current = dispatch;
  try {
    return send();
  } finally {
    current = undefined;
  }
}

subscribe('undici:request:create', (message) => {
  const { request } = message as { readonly request: object };
  if (current !== undefined) dispatches.set(request, current);
});

subscribe('undici:client:sendHeaders', (message) => {
  const { request, socket } = message as { readonly request: object; readonly socket: Socket };
  const dispatch = dispatches.get(request);
  if (dispatch === undefined) return;
  dispatch.isReused = usedSockets.has(socket);
  dispatch.socket = socket;
  dispatch.bytesBefore = socket.bytesRead;
  usedSockets.add(socket);
});
