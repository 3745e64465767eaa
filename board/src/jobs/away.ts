/** What has finished while nobody was looking: the laptop slept, or the page was behind others. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ListedJob } from './store.ts';

/** A shorter absence is not worth a sentence, in milliseconds. */
const awayFromMs = 60_000;

export function useFinishedWhileAway(jobs: ReadonlyMap<string, ListedJob>): readonly [number, () => void] {
  const [count, setCount] = useState(0);
  const latest = useRef(jobs);
  latest.current = jobs;
  const left = useRef<{ readonly at: number; readonly running: ReadonlySet<string> } | undefined>(undefined);
  useEffect(() => {
    const leave = (): void => {
      const running = [...latest.current.values()].filter(({ isFinished }) => !isFinished);
      left.current = { at: Date.now(), running: new Set(running.map(({ id }) => id)) };
    };
    const onChange = (): void => {
      if (document.visibilityState === 'hidden') leave();
    };
    document.addEventListener('visibilitychange', onChange);
    return () => document.removeEventListener('visibilitychange', onChange);
  }, []);
  useEffect(() => {
    if (left.current === undefined || document.visibilityState === 'hidden') return;
    if (Date.now() - left.current.at < awayFromMs) return;
    const { running } = left.current;
    setCount([...jobs.values()].filter(({ id, isFinished }) => isFinished && running.has(id)).length);
  }, [jobs]);
  return [
    count,
    () => {
      left.current = undefined;
      setCount(0);
    },
  ];
}
