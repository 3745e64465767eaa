/** Restricts operations to trusted documents. */
import { GraphQLError } from 'graphql';
import { documentNamesIn, persistedHashOf, type RequestParams, withText } from './document-names.ts';

/** The documents that the clients were built with: texts by id. */
export class TrustedDocuments {
  readonly #textById: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;

  constructor(textById: ReadonlyMap<string, string>) {
    this.#textById = textById;
    this.#texts = new Set(textById.values());
  }

  /** Undefined for an unknown id, and for what is no string. */
  textOf(id: unknown): string | undefined {
    return typeof id === 'string' ? this.#textById.get(id) : undefined;
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }
}

export type Resolution<Params> =
  | { readonly params: Params }
  | { readonly refused: GraphQLError }
  /** The request contradicts itself. */
  | { readonly malformed: GraphQLError };

/**
 * The request with the text to run as its `query` and without its id, or the error with the code `PERSISTED_ONLY`. A
 * text must equal a trusted document. Ids of one document may stand beside each other and beside its text; a request
 * with two documents gets `BAD_REQUEST`. An empty `query` counts as absent, since messages of `graphql-transport-ws`
 * need one. Every transport calls this before it parses. Without `trusted` requests stay unchanged, except that one
 * with only a hash is refused as Apollo Server does it, so that the client sends the text instead, and one with only
 * another id gets `BAD_REQUEST`.
 */
export function resolveDocument<Params extends RequestParams>(
  params: Params,
  trusted: TrustedDocuments | undefined,
): Resolution<Params> {
  const { query, extensions } = params;
  const hasText = query != null && query !== '';
  const names = documentNamesIn(params);
  if (trusted === undefined) {
    if (hasText) return { params };
    if (persistedHashOf(extensions) != null) return { refused: hashNotSupported() };
    return names[0] === undefined ? { params } : { malformed: badRequest(idWithoutFile(names[0].member)) };
  }
  const named = names.map(({ member, id }) => ({ member, text: trusted.textOf(id) }));
  if (named.some(({ text }) => text === undefined)) return { refused: persistedOnly(unknownDocument(true)) };
  const [first, ...others] = [...named, ...(hasText ? [{ member: 'query', text: query }] : [])];
  const other = others.find(({ text }) => text !== first?.text);
  if (first !== undefined && other !== undefined)
    return { malformed: badRequest(contradiction(first.member, other.member)) };
  const text = first?.text;
  if (typeof text !== 'string' || !trusted.has(text)) return { refused: untrusted() };
  return { params: withText(params, text) };
}

function contradiction(first: string, other: string): string {
  return `${first} and ${other}: expected one document, received two.`;
}

function idWithoutFile(member: string): string {
  return `query: expected a string, received only ${member}, and this gateway has no file of trusted documents.`;
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}

function unknownDocument(hasId: boolean): string {
  return hasId ? 'No trusted document has this id.' : 'Only trusted documents are run here.';
}

/** The error for a text that is not a trusted document. */
export function untrusted(): GraphQLError {
  return persistedOnly(unknownDocument(false));
}

/** Apollo's links look for this message or this code, urql's exchange for the message (4.3.8, 5.0.1). */
function hashNotSupported(): GraphQLError {
  return new GraphQLError('PersistedQueryNotSupported', {
    extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', retryable: false },
  });
}

function persistedOnly(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'PERSISTED_ONLY', retryable: false } });
}
