/**
 * The jobs of a `jobStateChanged` stream, as its cursors name them. A cursor is a place in the log: its reader may go on
 * from there with more jobs, or fewer.
 */
import { type Position, scopeFrom } from './cursor.ts';

/**
 * 36 bits: that a new job is taken for one of a hundred that the reader knows has a chance of 1 in 700 million. Longer
 * hashes would make the cursor of many jobs longer than most events.
 */
const hashLength = 6;

export class CursorJobs {
  readonly scope: string;
  readonly audience: string;
  readonly jobs: string;
  readonly #keys: readonly string[];

  /** `keys` are sorted: their order is that of the indices in a cursor. */
  constructor(audience: string, keys: readonly string[]) {
    this.#keys = keys;
    this.scope = scopeFrom(['jobs', audience, ...keys]);
    this.audience = scopeFrom(['jobs', audience]);
    this.jobs = keys.map(hashOf).join('');
  }

  /** Whether the position is of the same audience. One of an older gateway must be of the same jobs too. */
  mayResume({ scope, audience }: Position): boolean {
    return scope === this.scope || audience === this.audience;
  }

  /** The keys of the jobs whose present state was not emitted before the position: pending there, or new. */
  untoldIn(position: Position): readonly string[] {
    const pending = new Set(position.pending);
    const indices = this.#indicesIn(position);
    return this.#keys.filter((_, own) => {
      const index = indices[own];
      return index === undefined || pending.has(index);
    });
  }

  /** The keys of the jobs whose `JobGone` was emitted before the position. */
  goneIn(position: Position): readonly string[] {
    const gone = new Set(position.gone);
    const indices = this.#indicesIn(position);
    return this.#keys.filter((_, own) => {
      const index = indices[own];
      return index !== undefined && gone.has(index);
    });
  }

  /** The index of each job among those of the position; undefined for a new job. */
  #indicesIn({ scope, jobs }: Position): readonly (number | undefined)[] {
    if (scope === this.scope) return this.#keys.map((_, own) => own);
    const hashes = jobs.match(hashPattern) ?? [];
    const indices = new Map(hashes.map((hash, index) => [hash, index]));
    return this.#keys.map((key) => indices.get(hashOf(key)));
  }
}

const hashPattern = new RegExp(`.{${hashLength}}`, 'g');

function hashOf(key: string): string {
  return scopeFrom([key]).slice(0, hashLength);
}
