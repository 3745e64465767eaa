/** A request with its whole body, for the services and the signature checks. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** The signed host: the Host header, or the URL's host for a request in process, which has no such header. */
  readonly host: string;
  /** At most one byte more than `maxBodyBytes`; the rest of a longer body is not read. */
  readonly body: Uint8Array;
}

/** The emulator keeps uploads in memory, so its limit is far below the service's 5 GB (its User Guide, "Quotas"). */
export const maxBodyBytes = 64 * 1024 * 1024;

export async function incomingFrom(request: Request): Promise<Incoming> {
  const url = new URL(request.url);
  return {
    method: request.method,
    url,
    headers: request.headers,
    host: request.headers.get('host') ?? url.host,
    body: await readBody(request),
  };
}

async function readBody(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBodyBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBodyBytes + 1);
}
