/** What a service answers, before it becomes a Response: plain data, so that a fault can still change it. */
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

/** With `truncateAt`, the body announces its full length and breaks off after that many bytes. */
export function responseFrom(answer: Answer, truncateAt?: number): Response {
  const headers = new Headers(answer.headers);
  if (hasNoBody(answer.status)) return new Response(null, { status: answer.status, headers });
  const bytes = Buffer.from(answer.body);
  headers.set('content-length', String(bytes.length));
  const body = truncateAt === undefined ? bytes : brokenStream(bytes.subarray(0, truncateAt));
  return new Response(body, { status: answer.status, headers });
}

/** The error of a connection that the other side has torn down, as Node's sockets report it. */
export function connectionReset(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

function hasNoBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/** Gives `bytes`, then fails. Two pulls, because an error discards whatever is still queued. */
function brokenStream(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let isGiven = bytes.length === 0;
  return new ReadableStream({
    pull(controller) {
      if (isGiven) return controller.error(connectionReset());
      isGiven = true;
      controller.enqueue(bytes);
    },
  });
}
