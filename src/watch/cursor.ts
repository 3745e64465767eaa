/** Positions in the transition log, as opaque text for clients. */
import { z } from 'zod';
import { StreamError } from './stream-error.ts';

const positionSchema = z.object({
  /** Which log. */
  log: z.string(),
  /** Everything up to this offset has been handed out. */
  offset: z.int().nonnegative(),
  /** Jobs whose present state had not been handed out yet, by key. Left out where there are none. */
  pending: z.array(z.string().max(100)).max(1_000).default([]),
});

export type Position = z.infer<typeof positionSchema>;

export function cursorFrom(position: Position): string {
  const { pending, ...rest } = position;
  return Buffer.from(JSON.stringify(pending.length > 0 ? position : rest)).toString('base64url');
}

/** The position that `cursor` stands for; throws `StreamError` `CURSOR_INVALID` for text that no gateway made. */
export function positionFrom(cursor: string): Position {
  const parsed = positionSchema.safeParse(jsonFrom(cursor));
  if (parsed.success) return parsed.data;
  throw new StreamError('CURSOR_INVALID', 'after: expected a cursor taken from an event of this subscription.');
}

function jsonFrom(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
