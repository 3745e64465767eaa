/** Parses the messages that a client may send over `graphql-transport-ws`. */
import { MessageType } from 'graphql-ws';

export type ClientMessage =
  | { readonly type: MessageType.ConnectionInit; readonly payload: unknown }
  | { readonly type: MessageType.Ping; readonly payload: object | undefined }
  | { readonly type: MessageType.Pong }
  | { readonly type: MessageType.Subscribe; readonly id: string; readonly payload: object }
  | { readonly type: MessageType.Complete; readonly id: string };

/** An id is kept as long as its operation, and the reason of a close frame, which names it, holds 123 bytes. */
const maxIdLength = 128;

/** Undefined if `text` is no message of a client. The payload of a `subscribe` is checked later, with its operation. */
export function clientMessageFrom(text: string): ClientMessage | undefined {
  const { type, id, payload } = membersOf(text);
  switch (type) {
    case MessageType.ConnectionInit:
      return payload == null || isRecord(payload) ? { type, payload: payload ?? undefined } : undefined;
    case MessageType.Ping:
      return payload == null || isRecord(payload) ? { type, payload: payload ?? undefined } : undefined;
    case MessageType.Pong:
      return payload == null || isRecord(payload) ? { type } : undefined;
    case MessageType.Subscribe:
      return isId(id) && isRecord(payload) ? { type, id, payload } : undefined;
    case MessageType.Complete:
      return isId(id) ? { type, id } : undefined;
    default:
      return undefined;
  }
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const message: unknown = JSON.parse(text);
    return isRecord(message) ? message : {};
  } catch {
    return {};
  }
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxIdLength;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
