/** Tells screen readers what changes, politely and at most once in a while. */
import { useEffect, useRef } from 'preact/hooks';

const throttleMs = 5_000;
let pending: string[] = [];

/** The region that is read out. It is on the page once. */
export function Announcer() {
  return <div id="announcer" role="log" aria-live="polite" class="visually-hidden" />;
}

export function announce(sentence: string): void {
  pending.push(sentence);
  if (pending.length === 1) setTimeout(readOut, throttleMs);
}

function readOut(): void {
  const region = document.getElementById('announcer');
  const rest = pending.length - 3;
  const text = pending.slice(0, 3).join('. ') + (rest > 0 ? `. And ${rest} more` : '');
  pending = [];
  if (region) region.textContent = text;
}

interface WithState {
  readonly state: string;
}

/** Announces every job whose state has changed since the last rendering. */
export function useAnnounced<Job extends WithState>(
  jobs: ReadonlyMap<string, Job>,
  describe: (job: Job) => string,
): void {
  const last = useRef(jobs);
  useEffect(() => {
    for (const [id, job] of jobs) {
      const before = last.current.get(id);
      if (before !== undefined && before.state !== job.state) announce(describe(job));
    }
    last.current = jobs;
  }, [jobs]);
}
