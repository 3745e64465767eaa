/** Reads a page of any list of the service, entry by entry. */
import { z } from 'zod';
import type { BackendError } from '../../model/errors.ts';
import { type ReadEntries, readEntries } from '../list-entries.ts';
import { dataExchangePageSize } from '../list-reach.ts';
import { badResponse } from './errors.ts';
import { parseJson } from './reply-body.ts';

/** The longest token that fits into a cursor of the gateway. */
const pageToken = z.string().max(8_192).nullish();

export interface AnsweredPage<Entry> extends ReadEntries<Entry> {
  /** Null on the last page. */
  readonly nextToken: string | null;
}

/**
 * The page whose entries are in `member`. Throws `BackendError` UPSTREAM_BAD_RESPONSE. Its `unreadable` has single
 * entries, the entries beyond the maximum of a page, and the pages behind a token that cannot be sent.
 */
export function pageFromAnswer<Entry>(
  body: Uint8Array,
  member: string,
  entryFrom: (received: unknown) => Entry,
): AnsweredPage<Entry> {
  const shape = z.object({ [member]: z.array(z.unknown()), NextToken: z.unknown().optional() });
  const page = checked(() => shape.parse(parseJson(body)));
  const received = page[member] as readonly unknown[];
  const token = pageToken.safeParse(page['NextToken']);
  const reader = { entry: (each: unknown) => checked(() => entryFrom(each)) };
  const rest = unreadableRest(received.length, token.success);
  return { ...readEntries(received.slice(0, dataExchangePageSize), reader, rest), nextToken: token.data || null };
}

function unreadableRest(entries: number, isTokenReadable: boolean): BackendError | undefined {
  if (entries > dataExchangePageSize)
    return badResponse(`its page has ${entries} entries, more than the ${dataExchangePageSize} that one may have`);
  return isTokenReadable ? undefined : badResponse('its member NextToken is not what the API describes');
}

/** The message names the member at fault by its path and does not show its value, which may be anything. */
export function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const path = error.issues[0]?.path.join('.');
    throw badResponse(path ? `its member ${path} is not what the API describes` : 'it is not a JSON object');
  }
}
