/** Cursors: positions in the transition log, as signed opaque text for clients. */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { readSignedText, signedText } from '../../base/signed-text.ts';
import type { TransitionLog } from '../history/transition-log.ts';
import { StreamError } from './stream-error.ts';

/** Other members are ignored, so that a cursor of a newer gateway is accepted here. */
const positionSchema = z.object({
  /** The log's id. */
  log: z.string(),
  /** The stream has emitted everything up to this offset. */
  offset: z.int().nonnegative(),
  /** Hash of the stream's arguments and audience. */
  scope: z.string(),
  /** Hash of the field and its audience. Left out by older gateways. */
  audience: z.string().default(''),
  /** Short hashes of the jobs of `jobStateChanged`, in the order of their keys. Left out by older gateways. */
  jobs: z.string().max(10_000).default(''),
  /** Jobs whose present state the stream has not emitted yet, by their index among the jobs. Left out if empty. */
  pending: z.array(z.int().nonnegative()).max(1_000).default([]),
  /** Jobs with an emitted `JobGone`, likewise. The stream does not emit it again. */
  gone: z.array(z.int().nonnegative()).max(1_000).default([]),
  /** Of a list: jobs created from this instant on are new to the stream. Left out in events. */
  since: z.int().nonnegative().optional(),
});

export type Position = z.infer<typeof positionSchema>;

/** A reader's position after an event, or after a list. */
export interface ReaderPosition {
  readonly scope: string;
  readonly audience: string;
  readonly jobs: string;
  readonly offset: number;
  readonly pending: readonly number[];
  readonly gone: readonly number[];
  /** Milliseconds since the epoch. */
  readonly since?: number;
}

/** Makes and reads cursors. The signature keeps clients from forging a position. */
export class Cursors {
  readonly #key: Uint8Array;
  readonly #log: Pick<TransitionLog, 'id'>;

  /** `key` signs cursors; `log` is the log that the offsets belong to. */
  constructor(key: Uint8Array, log: Pick<TransitionLog, 'id'>) {
    this.#key = key;
    this.#log = log;
  }

  textFrom({ scope, audience, jobs, offset, pending, gone, since }: ReaderPosition): string {
    const position = {
      log: this.#log.id,
      scope,
      offset,
      audience,
      ...(jobs !== '' && { jobs }),
      ...(pending.length > 0 && { pending }),
      ...(gone.length > 0 && { gone }),
      ...(since !== undefined && { since }),
    };
    return signedText(position, this.#key);
  }

  /**
   * The position in `cursor`; undefined if its log no longer exists. Throws `StreamError` `CURSOR_INVALID` for text
   * that no gateway made, and for a position that `isUsable` refuses.
   */
  positionFrom(cursor: string, isUsable: (position: Position) => boolean): Position | undefined {
    const read = readSignedText(cursor);
    const parsed = positionSchema.safeParse(read?.value);
    if (read === undefined || !parsed.success) throw invalid('expected a cursor taken from an event or a list');
    // The key is replaced together with the log, so that this signature cannot be checked. Either way the stream begins
    // with the present.
    if (parsed.data.log !== this.#log.id) return undefined;
    if (!read.isSignedWith(this.#key)) throw invalid('expected an unmodified cursor from an event or a list');
    if (!isUsable(parsed.data)) throw invalid('expected a cursor of your own, of the same field');
    return parsed.data;
  }
}

/** A short hash of a stream's arguments and audience. */
export function scopeFrom(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 16);
}

function invalid(expectation: string): StreamError {
  return new StreamError('CURSOR_INVALID', `after: ${expectation}. Subscribe without it to begin with the present.`);
}
