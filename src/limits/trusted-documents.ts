/** Restricts operations to trusted documents. */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';

/** The documents that the clients were built with: texts by id. */
export class TrustedDocuments {
  readonly #textById: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;

  /** Each text can also be found by its SHA-256, which clients without the file send. */
  constructor(textById: ReadonlyMap<string, string>) {
    this.#texts = new Set(textById.values());
    const byHash = [...this.#texts].flatMap((text): [string, string][] => {
      const hash = createHash('sha256').update(text).digest('hex');
      return [
        [hash, text],
        [`sha256:${hash}`, text],
      ];
    });
    this.#textById = new Map([...byHash, ...textById]);
  }

  textOf(id: string): string | undefined {
    return this.#textById.get(id);
  }

  has(text: string): boolean {
    return this.#texts.has(text);
  }
}

/** A request in any of the forms that clients send: `query`, or an id for it. */
export interface RequestParams {
  readonly query?: unknown;
  readonly extensions?: unknown;
  /** As in the appendix on persisted documents of GraphQL over HTTP. */
  readonly documentId?: unknown;
  /** As the network layers of Relay send it. */
  readonly doc_id?: unknown;
}

export type Resolution<Params> = { readonly params: Params } | { readonly refused: GraphQLError };

/**
 * The request with the text to run as its `query` and without its id, or the error with the code `PERSISTED_ONLY`. A
 * text must equal a trusted document; a text beside an id must be the document of that id. An empty `query` counts as
 * absent, since messages of `graphql-transport-ws` need one. Every transport calls this before it parses. Without
 * `trusted` requests stay unchanged, except that one with only a hash is refused as Apollo Server does it, so that the
 * client sends the text instead.
 */
export function resolveDocument<Params extends RequestParams>(
  params: Params,
  trusted: TrustedDocuments | undefined,
): Resolution<Params> {
  const hasText = params.query != null && params.query !== '';
  if (trusted === undefined) return hasText || !hasHash(params) ? { params } : { refused: hashNotSupported() };
  const ids = idsIn(params);
  const texts = hasText ? [params.query] : [];
  const named = ids.map((id) => (typeof id === 'string' ? trusted.textOf(id) : undefined));
  const [text, ...others] = [...named, ...texts];
  if (typeof text !== 'string' || !trusted.has(text))
    return { refused: persistedOnly(unknownDocument(ids.length > 0)) };
  if (others.some((other) => other !== text))
    return { refused: persistedOnly('The request names one document and contains another.') };
  const { documentId: _, doc_id: __, ...rest } = params;
  return { params: { ...(rest as Params), query: text } };
}

function idsIn({ documentId, doc_id: docId, extensions }: RequestParams): readonly unknown[] {
  return [documentId, docId, persistedHashOf(extensions)].filter((id) => id != null);
}

/** As Apollo Client and urql send it. */
function persistedHashOf(extensions: unknown): unknown {
  return memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash');
}

function hasHash({ extensions }: RequestParams): boolean {
  return persistedHashOf(extensions) != null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
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
