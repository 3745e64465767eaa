/** Which documents may be run, where only known ones may? */
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Documents that the clients were built with: texts by the ids that clients name them by. */
export class TrustedDocuments {
  readonly #textById: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;

  /** Each text is also found by its SHA-256, as clients name it that know of no file. */
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

/** One request, in any of the forms that clients give it: `query`, or a name for it. */
export interface RequestParams {
  readonly query?: unknown;
  readonly extensions?: unknown;
  /** As in the appendix on persisted documents of GraphQL over HTTP. */
  readonly documentId?: unknown;
  /** As Relay's network layers send it. */
  readonly doc_id?: unknown;
}

export type Resolution<Params> = { readonly params: Params } | { readonly refused: GraphQLError };

/**
 * The request with the text to run as its `query`, and without its name; or the error with the code `PERSISTED_ONLY`. A text
 * must be a trusted document to the letter; a text beside a name must be what the name means. An empty `query` counts as
 * none: messages of `graphql-transport-ws` cannot do without. Every transport calls this before it parses; without
 * `trusted` requests stay as they are.
 */
export function resolveDocument<Params extends RequestParams>(
  params: Params,
  trusted: TrustedDocuments | undefined,
): Resolution<Params> {
  if (trusted === undefined) return { params };
  const ids = namesIn(params);
  const given = params.query == null || params.query === '' ? [] : [params.query];
  const named = ids.map((id) => (typeof id === 'string' ? trusted.textOf(id) : undefined));
  const [text, ...others] = [...named, ...given];
  if (typeof text !== 'string' || !trusted.has(text))
    return { refused: persistedOnly(unknownDocument(ids.length > 0)) };
  if (others.some((other) => other !== text))
    return { refused: persistedOnly('The request names one document and holds another.') };
  const { documentId: _, doc_id: __, ...rest } = params;
  return { params: { ...(rest as Params), query: text } };
}

function namesIn({ documentId, doc_id: docId, extensions }: RequestParams): readonly unknown[] {
  return [documentId, docId, persistedHashOf(extensions)].filter((id) => id != null);
}

/** As Apollo's clients and urql send it. */
function persistedHashOf(extensions: unknown): unknown {
  const persisted = memberOf(extensions, 'persistedQuery');
  return memberOf(persisted, 'sha256Hash');
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function unknownDocument(isNamed: boolean): string {
  return isNamed ? 'No trusted document has this name.' : 'Only trusted documents are run here.';
}

function persistedOnly(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'PERSISTED_ONLY', retryable: false } });
}

/**
 * Resolves documents of requests over HTTP, by POST or by GET. Over other transports Yoga does not call it with the request:
 * they call `resolveDocument` themselves, and a text that they let through unresolved is refused when it is parsed.
 */
export function useTrustedDocuments(trusted: TrustedDocuments): Plugin {
  return {
    onParams({ params, request, setParams }) {
      // Whatever is no request is refused by Yoga.
      if (typeof params !== 'object' || params === null || Array.isArray(params)) return;
      const resolution = resolveDocument<RequestParams>({ ...namesInUrl(request), ...params }, trusted);
      if ('refused' in resolution) throw overHttp(resolution.refused);
      setParams(resolution.params as typeof params);
    },
    onParse({ params, context }) {
      if (trusted.has(params.source.toString())) return;
      const error = persistedOnly(unknownDocument(false));
      throw 'request' in (context as object) ? overHttp(error) : error;
    },
  };
}

/** Yoga takes no parameters from a URL but those it knows. */
function namesInUrl({ method, url }: Request): RequestParams {
  if (method !== 'GET') return {};
  const { searchParams } = new URL(url);
  return { documentId: searchParams.get('documentId'), doc_id: searchParams.get('doc_id') };
}

function overHttp({ message, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, http: { status: 400, spec: true } } });
}
