/** Positions in the transition log, as opaque text for clients. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readSignedText, signedText } from '../../base/signed-text.ts';
import type { TransitionLog } from '../history/transition-log.ts';
import { StreamError } from './stream-error.ts';

/** A newer gateway may have more to say of a position: a cursor of its own is to be good here as well. */
const positionSchema = z.object({
  /** Which log. */
  log: z.string(),
  /** Everything up to this offset has been handed out. */
  offset: z.int().nonnegative(),
  /** What the stream is about, and for whom: a cursor is good for that only. */
  scope: z.string(),
  /** Jobs whose present state had not been handed out yet, by their place in the scope. Left out where there are none. */
  pending: z.array(z.int().nonnegative()).max(1_000).default([]),
  /** Jobs that were told to be gone, likewise: they are not told of again. */
  gone: z.array(z.int().nonnegative()).max(1_000).default([]),
});

export type Position = z.infer<typeof positionSchema>;

/** Makes cursors and reads them. They are signed, so that nobody can make up a position. */
export class Cursors {
  readonly #key: Uint8Array;
  readonly #log: Pick<TransitionLog, 'id'>;

  /** `key` signs; `log` is what the positions are in. */
  constructor(key: Uint8Array, log: Pick<TransitionLog, 'id'>) {
    this.#key = key;
    this.#log = log;
  }

  textFrom({ pending, gone, ...rest }: Omit<Position, 'log'>): string {
    const position = {
      log: this.#log.id,
      ...rest,
      ...(pending.length > 0 && { pending }),
      ...(gone.length > 0 && { gone }),
    };
    return signedText(position, this.#key);
  }

  /**
   * The position that `cursor` stands for; undefined if it lies in a log that is no more. Throws `StreamError`
   * `CURSOR_INVALID` for text that no gateway made and for the cursor of another stream than `scope`.
   */
  positionFrom(cursor: string, scope: string): Position | undefined {
    const read = readSignedText(cursor);
    const parsed = positionSchema.safeParse(read?.value);
    if (read === undefined || !parsed.success) throw invalid('expected a cursor taken from an event');
    // The key went with the log: what it signed cannot be told from what it did not, and leads to the present either way.
    if (parsed.data.log !== this.#log.id) return undefined;
    if (!read.isSignedWith(this.#key)) throw invalid('expected a cursor as an event gave it');
    if (parsed.data.scope !== scope)
      throw invalid('expected a cursor of your own, of a subscription with the same arguments');
    return parsed.data;
  }
}

/** A short name for what a stream is about. */
export function scopeFrom(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);
}

function invalid(expectation: string): StreamError {
  return new StreamError('CURSOR_INVALID', `after: ${expectation}. Subscribe without it to begin with the present.`);
}
