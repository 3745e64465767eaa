/** Reads the body of a request, and no more of it than the limit. */
import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly text: string }
  /** The rest is left unread: the connection must be closed. */
  | { readonly isTooLarge: true }
  /** The client went away before the end. */
  | { readonly isGone: true };

export function readBody(request: IncomingMessage, maxBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve({ isTooLarge: true });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (body: Body): void => {
      request.off('data', take).off('end', finish).off('close', leave);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      request.pause();
      end({ isTooLarge: true });
    };
    const finish = (): void => end({ text: textOf(chunks) });
    const leave = (): void => end({ isGone: true });
    // A connection that breaks is an 'error' as well, and a 'close' after it.
    request.on('error', () => {});
    request.on('data', take).on('end', finish).on('close', leave);
  });
}

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first.toString() : Buffer.concat(chunks).toString();
}
