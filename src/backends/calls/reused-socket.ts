/**
 * Observes which connection a request is sent on. undici reports it only by its diagnostics channels (7.x,
 * "Diagnostics").
 */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

interface Dispatch {
  socket?: Socket;
  isReused?: boolean;
  /** The number of bytes received on the socket before the request. */
  bytesBefore?: number;
}

export interface TrackedRequest<T> {
  readonly sent: Promise<T>;
  /** Whether it was sent on a reused connection that has received no byte since. */
  readonly wasClosedUnanswered: () => boolean;
}

/**
 * Of the request that is being handed to undici, which announces it before `request` returns. An `AsyncLocalStorage`
 * would do as well, but on Node 20 the first use of one makes every promise of the process call a hook.
 */
let current: Dispatch | undefined;
const dispatches = new WeakMap<object, Dispatch>();
const usedSockets = new WeakSet<Socket>();

/**
 * Runs `send`, which must make one undici request at once: a request that undici queues counts as one on a new
 * connection.
 */
export function observed<T>(send: () => Promise<T>): TrackedRequest<T> {
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
