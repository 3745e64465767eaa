/** Finds by which members a request names its document. */

/** A request in any of the forms that clients send: `query`, or an id for it. */
export interface RequestParams {
  readonly query?: unknown;
  readonly extensions?: unknown;
  /** By the appendix on persisted documents of GraphQL over HTTP. GraphQL Code Generator documents it. */
  readonly documentId?: unknown;
  /** By the documentation of Relay. */
  readonly doc_id?: unknown;
  /** By older network layers of Relay and by Apollo iOS. Not the `id` of a WebSocket message, which is outside its payload. */
  readonly id?: unknown;
}

/** An id, and the member of the request that it was in. */
export interface DocumentName {
  readonly member: string;
  readonly id: unknown;
}

/** All names in the request. Null counts as absent. */
export function documentNamesIn({ documentId, doc_id: docId, id, extensions }: RequestParams): readonly DocumentName[] {
  const names = [
    { member: 'documentId', id: documentId },
    { member: 'doc_id', id: docId },
    { member: 'id', id },
    { member: 'extensions.persistedQuery.sha256Hash', id: persistedHashOf(extensions) },
  ];
  return names.filter((name) => name.id != null);
}

/** As Apollo Client and urql send it. */
export function persistedHashOf(extensions: unknown): unknown {
  return memberOf(memberOf(extensions, 'persistedQuery'), 'sha256Hash');
}

/** The request with `query`, and without the members that only name a document. */
export function withText<Params extends RequestParams>(params: Params, query: string): Params {
  const { documentId: _, doc_id: __, id: ___, ...rest } = params;
  return { ...(rest as Params), query };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
