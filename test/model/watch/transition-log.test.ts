/** The durable log over any order of kills, power cuts and failing stores: no lost entry is skipped silently. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobState } from '../../../src/model/job-state.ts';
import { openTransitionLog } from '../../../src/watch/history/durable-transition-log.ts';
import { jobKey, type TransitionLog } from '../../../src/watch/history/transition-log.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import { jobs, observe, retention, states } from '../../support/observed-jobs.ts';

const [job = { service: 'IMPORT_EXPORT', awsJobId: '' }] = jobs;

/** A reader: the state and the sequence of each job it has received, and its offset. */
class Reader {
  #offset = 0;
  #known = new Map<string, { readonly sequence: number; readonly to: JobState }>();

  begin(log: TransitionLog): void {
    this.#offset = log.head;
    this.#known = new Map();
    for (const job of jobs) {
      const last = log.last(job);
      if (last !== undefined) this.#known.set(jobKey(job), last);
    }
  }

  /** Reads at most `count` further entries, each of which must follow the last one of its job without a gap. */
  read(log: TransitionLog, count: number): 'expired' | 'read' {
    const since = log.since(this.#offset);
    if (since === undefined) {
      this.begin(log);
      return 'expired';
    }
    for (const { offset, sequence, from, to, job } of since.slice(0, count)) {
      const known = this.#known.get(jobKey(job));
      expect({ sequence, from }).toEqual({ sequence: (known?.sequence ?? 0) + 1, from: known?.to ?? null });
      this.#known.set(jobKey(job), { sequence, to });
      this.#offset = offset;
    }
    return 'read';
  }
}

const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('observe' as const), job: fc.nat(2), to: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), reader: fc.nat(2), count: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release' as const, 'wait' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('outage' as const), isDown: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), lostWrites: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

test('over any order of kills, power cuts, outages and restarts, a reader misses nothing or learns that its cursor is too old', async () => {
  let expired = 0;
  let resumed = 0;
  const run = async (commands: readonly (typeof command extends fc.Arbitrary<infer C> ? C : never)[]) => {
    const clock = new FakeClock();
    let store = new MemoryStore();
    let log = await openTransitionLog(store, clock, retention);
    const readers = [new Reader(), new Reader(), new Reader()];
    const issued = new Set<number>();
    for (const each of commands) {
      if (each.do === 'observe') {
        const { offset } = await observe(log, jobs[each.job] ?? job, states[each.to] ?? 'WAITING', clock.now());
        expect(issued.has(offset)).toBe(false);
        issued.add(offset);
      } else if (each.do === 'read') {
        if (readers[each.reader]?.read(log, each.count) === 'expired') expired += 1;
        else resumed += 1;
      } else if (each.do === 'hold') store.isHeld = true;
      else if (each.do === 'release') store.release();
      else if (each.do === 'outage') store.isDown = each.isDown;
      else if (each.do === 'wait') await clock.advance(1_000);
      else {
        store.release();
        if (each.do === 'restart') await log.close();
        store = store.survivor(each.do === 'kill' ? each.lostWrites : 0);
        log = await openTransitionLog(store, clock, retention);
      }
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 80 }), run), { numRuns: 1_000 });
  expect(expired).toBeGreaterThan(100);
  expect(resumed).toBeGreaterThan(1_000);
}, 120_000);
