/** A service that a test controls, and readers of its events. */
import type { JobRef, JobState } from '../../src/model/job-state.ts';
import type { Reading, StateSource } from '../../src/watch/state-source.ts';
import type { JobEvent } from '../../src/watch/streams/events.ts';

/** Import/Export, whose jobs are read one by one. */
export class ScriptedService {
  readonly states = new Map<string, JobState>();
  readonly unreadable = new Set<string>();
  isDown = false;
  /** The wait that it asks for while it is down. */
  retryAfterMs: number | undefined;
  /** Whether lists contain its jobs, also while it is down. */
  isListed = false;
  reads = 0;
  lists = 0;

  readonly source: StateSource = {
    service: 'IMPORT_EXPORT',
    batchSize: 1,
    readsPages: false,
    read: async (due) => {
      this.reads += 1;
      return { byJob: new Map(due.map((awsJobId) => [awsJobId, this.#readingOf(awsJobId)])) };
    },
    confirm: async (awsJobId) => this.#readingOf(awsJobId),
    list: async () => {
      this.lists += 1;
      if (this.isDown && !this.isListed)
        throw Object.assign(new Error('down'), this.retryAfterMs && { retryAfterMs: this.retryAfterMs });
      const jobs = this.isListed ? [...this.states.keys()] : [];
      return { observed: [], unread: jobs.map((awsJobId) => ({ service: 'IMPORT_EXPORT', awsJobId })), isWhole: true };
    },
  };

  set(awsJobId: string, state: JobState): JobRef {
    this.states.set(awsJobId, state);
    return { service: 'IMPORT_EXPORT', awsJobId };
  }

  #readingOf(awsJobId: string): Reading {
    const state = this.states.get(awsJobId);
    if (this.isDown || this.unreadable.has(awsJobId)) return { outcome: 'failed', retryAfterMs: this.retryAfterMs };
    if (state === undefined) return { outcome: 'gone' };
    return { outcome: 'observed', job: { service: 'IMPORT_EXPORT', awsJobId }, state };
  }
}

/** Collects a stream's events. */
export function follow(stream: AsyncIterableIterator<JobEvent>) {
  const events: JobEvent[] = [];
  let isOver = false;
  void (async () => {
    for await (const event of stream) events.push(event);
    isOver = true;
  })();
  return { events, steps: () => events.map(stepOf), isOver: () => isOver, leave: () => stream.return?.() };
}

function stepOf(event: JobEvent): string {
  if (event.kind === 'JobStateChange') return `${event.job.awsJobId} ${event.state}`;
  if (event.kind === 'JobGone') return `${event.job.awsJobId} gone`;
  if (event.kind === 'JobEventsMissed') return 'missed';
  const ids = event.jobs?.map(({ awsJobId }) => awsJobId).sort();
  return `${ids?.join(' ') ?? 'all'} ${event.kind === 'JobsStale' ? 'stale' : 'fresh'}`;
}
