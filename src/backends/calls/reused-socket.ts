/** Finds out on which connection a request went out. undici says so only by its diagnostics channels (7.x, "Diagnostics"). */
import { AsyncLocalStorage } from 'node:async_hooks';
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

const current = new AsyncLocalStorage<Dispatch>();
const dispatches = new WeakMap<object, Dispatch>();
const usedSockets = new WeakSet<Socket>();

/** Runs `send`, which must make one undici request at once: a request that undici queues counts as one on a new connection. */
export function observed<T>(send: () => Promise<T>): ObservedRequest<T> {
  const dispatch: Dispatch = {};
  return {
    sent: current.run(dispatch, send),
    wasClosedUnanswered: () => dispatch.isReused === true && dispatch.socket?.bytesRead === dispatch.bytesBefore,
  };
}

subscribe('undici:request:create', (message) => {
  const dispatch = current.getStore();
  const { request } = message as { readonly request: object };
  if (dispatch !== undefined) dispatches.set(request, dispatch);
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
