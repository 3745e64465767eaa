/** Keeps new jobs back while somebody reads or points at lines, so that nothing moves under their eyes or their hand. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { ListedJob } from './store.ts';

export interface Shown {
  readonly jobs: readonly ListedJob[];
  /** The number of new jobs that are kept back. */
  readonly kept: number;
  readonly release: () => void;
}

/** Further down than this, in pixels, somebody is reading. */
const readingFrom = 120;

export function useHeldBack(all: ReadonlyMap<string, ListedJob>): Shown {
  const [isReading, setIsReading] = useState(false);
  const isPointing = usePointing();
  const known = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const onScroll = (): void => setIsReading(scrollY > readingFrom);
    addEventListener('scroll', onScroll, { passive: true });
    return () => removeEventListener('scroll', onScroll);
  }, []);
  const jobs = [...all.values()];
  // Only what is newer than the first known job would move the others: older pages are added below.
  const first = jobs.findIndex(({ id }) => known.current.has(id));
  const kept = (isReading || isPointing) && first > 0 ? first : 0;
  if (kept === 0) known.current = new Set(all.keys());
  const release = useCallback(() => {
    scrollTo({ top: 0 });
    setIsReading(false);
  }, []);
  return { jobs: jobs.slice(kept), kept, release };
}

/** How long a hand that rests on a line counts as pointing at it, in milliseconds. */
const pointingMs = 3_000;

function usePointing(): boolean {
  const [isPointing, setIsPointing] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onMove = ({ target }: PointerEvent): void => {
      clearTimeout(timer);
      const isOver = target instanceof Element && target.closest('.jobs tbody') !== null;
      setIsPointing(isOver);
      if (isOver) timer = setTimeout(() => setIsPointing(false), pointingMs);
    };
    addEventListener('pointermove', onMove, { passive: true });
    return () => {
      clearTimeout(timer);
      removeEventListener('pointermove', onMove);
    };
  }, []);
  return isPointing;
}
