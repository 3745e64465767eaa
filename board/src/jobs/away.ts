/** What has finished while nobody was looking: the laptop slept, or the page was behind others. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedJob } from './store.ts';

/** A shorter absence is not worth a sentence, in milliseconds. */
const awayFromMs = 60_000;

/** A sleeping machine runs no timers, so that a tick that comes late says that it slept. */
const tickMs = 5_000;

interface Leaving {
  readonly at: number;
  readonly running: readonly ListedJob[];
}

export interface Away {
  /** Jobs that ran when the person left, as they ended. */
  readonly finished: readonly ListedJob[];
  readonly forget: () => void;
}

export function useFinishedWhileAway(jobs: ReadonlyMap<string, ListedJob>): Away {
  const [left, setLeft] = useState<Leaving | undefined>();
  const latest = useRef(jobs);
  latest.current = jobs;
  useEffect(() => {
    const now = (): Leaving => ({
      at: Date.now(),
      running: [...latest.current.values()].filter(({ isFinished }) => !isFinished),
    });
    let last = now();
    const look = (): void => {
      if (document.visibilityState === 'hidden') return;
      if (Date.now() - last.at > awayFromMs) setLeft(last);
      last = now();
    };
    const onChange = (): void => {
      if (document.visibilityState === 'hidden') last = now();
      else look();
    };
    const timer = setInterval(look, tickMs);
    document.addEventListener('visibilitychange', onChange);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onChange);
    };
  }, []);
  const finished = (left?.running ?? []).flatMap(({ id }) => {
    const job = jobs.get(id);
    return job?.isFinished ? [job] : [];
  });
  return { finished, forget: () => setLeft(undefined) };
}
