/** The response of a service as plain data, which a scripted fault can still change. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function emptyAnswer(status: number): Answer {
  return { status, headers: {}, body: '' };
}

/** With `truncateAt` the headers announce the full length, and the body breaks off after that many bytes. */
export function responseFrom(answer: Answer, truncateAt?: number): Response {
  const headers = new Headers(answer.headers);
  if (hasNoBody(answer.status)) return new Response(null, { status: answer.status, headers });
  const bytes = Buffer.from(answer.body);
  headers.set('content-length', String(bytes.length));
  const body = truncateAt === undefined ? bytes : brokenStream(bytes.subarray(0, truncateAt));
  return new Response(body, { status: answer.status, headers });
}

/** The error of a connection reset, as Node's sockets report it. */
export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Emits `bytes`, then fails. It takes two pulls, as an error discards queued chunks. */
function brokenStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let isEmitted = bytes.length === 0;
  return new ReadableStream({
    pull(controller) {
      if (isEmitted) return controller.error(connectionReset());
      isEmitted = true;
      controller.enqueue(bytes);
    },
  });
}
