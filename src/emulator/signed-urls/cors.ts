/**
 * Lets pages of every origin use signed URLs, as Amazon S3 does for a bucket with a CORS rule for `*` (its User Guide, "Using
 * cross-origin resource sharing"; "Testing CORS" has the headers). Whether the buckets of Data Exchange have one is not documented.
 */
import type { Answer } from '../answer.ts';
import type { Incoming } from '../incoming.ts';

const methods = ['GET', 'PUT'];

const allowed = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': methods.join(', '),
  'access-control-expose-headers': 'ETag',
  'access-control-max-age': '3000',
  vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
};

/** S3 checks no signature of a preflight, which tells nothing of the object. */
export function preflightAnswer({ headers }: Incoming): Answer {
  const method = headers.get('access-control-request-method');
  if (headers.get('origin') === null || method === null)
    return refusal(400, 'BadRequest', 'Insufficient information. Origin request header needed.');
  if (!methods.includes(method))
    return refusal(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
  const names = headers.get('access-control-request-headers');
  const allowedHeaders = names === null ? {} : { 'access-control-allow-headers': names };
  return { status: 200, headers: { ...allowed, ...allowedHeaders }, body: '' };
}

/** `answer` with the headers by which a page of another origin may read it, if a page asks. */
export function readableBy({ headers }: Incoming, answer: Answer): Answer {
  return headers.get('origin') === null ? answer : { ...answer, headers: { ...answer.headers, ...allowed } };
}

function refusal(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
