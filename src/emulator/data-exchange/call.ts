/** One call of an operation, for its handler. */
import { type Answer, jsonAnswer } from '../answer.ts';
import { firstOf } from '../register.ts';
import { invalid } from './errors.ts';
import { resourceId } from './job-types/forms.ts';
import type { PageTokens } from './page-tokens.ts';

export interface Call {
  readonly path: string;
  /** The decoded variable parts of the path. */
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  readonly at: number;
}

/** An id from the path; throws `ValidationException` if it is malformed. */
export function idLabel(call: Call, name: string): string {
  const result = resourceId.safeParse(call.labels[name]);
  if (!result.success) throw invalid(`${name}: must be 30 to 40 letters or digits`);
  return result.data;
}

export interface Listing<Item> {
  /** The member with the entries. */
  readonly member: string;
  /** In the order of the list; undefined if `afterId` is no longer in it. */
  readonly items: (afterId?: string) => Iterable<Item> | undefined;
  readonly form: (item: Item) => unknown;
}

export function pageAnswer<Item extends { readonly id: string }>(
  call: Call,
  tokens: PageTokens,
  { member, items, form }: Listing<Item>,
): Answer {
  const list = listName(call);
  const token = call.query.get('nextToken');
  const rest = items(token === null ? undefined : tokens.lastIdFrom(token, list));
  if (rest === undefined) throw invalid('nextToken: is no longer valid');
  const { page, hasMore } = firstOf(rest, maxResults(call));
  const last = page.at(-1);
  return jsonAnswer(200, {
    [member]: page.map(form),
    ...(hasMore && last !== undefined && { NextToken: tokens.tokenAfter(last.id, list) }),
  });
}

/** The default is unknown; older versions of the API reference had 25 as the maximum. */
const defaultMaxResults = 25;

function maxResults({ query }: Call): number {
  const text = query.get('maxResults');
  if (text === null) return defaultMaxResults;
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > 200)
    throw invalid('maxResults: must be a whole number from 1 to 200');
  return value;
}

/** The path and the filters, so that a token is valid for its own list only. */
function listName({ path, query }: Call): string {
  const filters = new URLSearchParams(query);
  filters.delete('nextToken');
  filters.delete('maxResults');
  filters.sort();
  return `${path}?${filters}`;
}
