/**
 * Says how a reply treats each member of a request. By this the gateway recognises the job of a create whose answer was
 * lost.
 *
 * From the service model (`RequestDetails` and `ResponseDetails`) and from real replies: the User Guide's samples of an
 * API Gateway job lack its name and its MD5 hash, and the `Md5Hash` of a signed URL's job is optional.
 */

/** A reply repeats values word for word. The order of lists does not count. */
export type Member =
  /** Every reply repeats it. */
  | { readonly reply: 'repeats' }
  /** Every reply repeats the list; its items have these members. */
  | { readonly reply: 'repeats'; readonly items: Members }
  /** A reply may leave it out. If the request did, a reply may show any value (`true`), this one, or none. */
  | { readonly reply: 'may leave out'; readonly fillsIn: boolean | string; readonly parts?: Members }
  /** No reply repeats it. */
  | { readonly reply: 'never repeats' };

export type Members = { readonly [name: string]: Member };

export const repeated = { reply: 'repeats' } as const;
export const optional = { reply: 'may leave out', fillsIn: false } as const;
export const completed = { reply: 'may leave out', fillsIn: true } as const;

export const repeatedRevision = { dataSetId: repeated, revisionId: repeated };
