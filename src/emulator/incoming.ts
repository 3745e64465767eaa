/** A request, read whole: what the services and the signature checks work on. */
export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** The host that was signed: the Host header, or in process, where there is none, the URL's. */
  readonly host: string;
  /** At most one byte more than `maxBodyBytes`: longer bodies are not read to their end. */
  readonly body: Uint8Array;
}

/** The emulator keeps uploads in memory, so it stops far below the 5 GB of the service (its User Guide, "Quotas"). */
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
