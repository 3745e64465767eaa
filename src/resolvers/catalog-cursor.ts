/** Encodes positions in the lists of data sets, revisions and assets as opaque cursors. */
import { z } from 'zod';
import { readSignedText, signedText } from '../base/signed-text.ts';
import { type CursorContext, dataExchangePosition } from './job-cursor.ts';

/** Within one list of the service, as within that of jobs. */
const withinList = dataExchangePosition.pick({
  token: true,
  lastId: true,
  lastIndex: true,
  unreadable: true,
  given: true,
});

const cursorContent = z.object({
  list: z.string(),
  /** Which list of the service, where one connection has several. */
  part: z.int().min(0).max(1),
  position: withinList,
});

export interface CatalogPosition extends z.infer<typeof withinList> {
  readonly part: number;
}

/** A cursor is valid for one list, which `list` names, and for one caller. */
export function catalogCursorFrom(position: CatalogPosition, list: string, context: CursorContext): string {
  const { part, ...within } = position;
  return signedText({ list, part, position: within }, context.cursorKey, context.caller.id);
}

/** The position in `cursor`; undefined unless `catalogCursorFrom` made it, for this list and caller. */
export function catalogPositionFrom(cursor: string, list: string, context: CursorContext): CatalogPosition | undefined {
  const read = readSignedText(cursor);
  if (!read?.isSignedWith(context.cursorKey, context.caller.id)) return undefined;
  const { success, data } = cursorContent.safeParse(read.value);
  return success && data.list === list ? { part: data.part, ...data.position } : undefined;
}
