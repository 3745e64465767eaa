/** Gives the schema as text, which an introspection does not: it loses `@oneOf` in most tools. By the same rule. */
import { createHash } from 'node:crypto';
import { type Caller, hasScope } from '../identity/caller.ts';
import { printedSchema } from '../schema/print.ts';
import type { HttpAnswer } from './http-answer.ts';
import { schemaRefusal } from './operation-runner.ts';

export const schemaPath = '/schema.graphql';

export class SchemaDocument {
  readonly #isIntrospectionScoped: boolean;
  /** Printed for the first request, since most gateways get none. */
  #printed: { readonly text: string; readonly etag: string } | undefined;

  /** With `isIntrospectionScoped` only for callers with the scope `schema:read`. */
  constructor(isIntrospectionScoped: boolean) {
    this.#isIntrospectionScoped = isIntrospectionScoped;
  }

  /** `ifNoneMatch` is the header of the request: a caller that has the text gets 304. */
  answerFor(caller: Caller, ifNoneMatch: string | undefined): HttpAnswer {
    if (this.#isIntrospectionScoped && !hasScope(caller, 'schema:read')) return forbidden();
    this.#printed ??= printed();
    const { text, etag } = this.#printed;
    // A cache asks again each time, as the next release may have another schema and the caller other rights.
    const headers = { etag, 'cache-control': 'private, no-cache' };
    if (ifNoneMatch?.includes(etag)) return { status: 304, headers, body: '' };
    return { status: 200, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: text };
  }
}

function printed() {
  const text = printedSchema();
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

function forbidden(): HttpAnswer {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status: 403, headers, body: JSON.stringify({ errors: [schemaRefusal()] }) };
}
