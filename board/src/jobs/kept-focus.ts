/** Keeps the focus in the list when the line that has it leaves, such as a job that no longer fits the filter. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ListedJob } from './store.ts';

export function useKeptFocus(jobs: readonly ListedJob[]) {
  const lines = useRef<HTMLTableSectionElement>(null);
  const last = useRef<{ readonly job: ListedJob; readonly index: number } | undefined>(undefined);
  const onFocusIn = ({ target }: FocusEvent): void => {
    const index = [...(lines.current?.children ?? [])].findIndex((line) => line.contains(target as Node));
    const job = jobs[index];
    last.current = job && { job, index };
  };
  useLayoutEffect(() => {
    const { job, index = 0 } = last.current ?? {};
    if (!job || document.activeElement !== document.body || jobs.some(({ id }) => id === job.id)) return;
    const line = lines.current?.children[Math.min(index, jobs.length - 1)];
    line?.querySelector('a')?.focus({ preventScroll: true });
  }, [jobs]);
  return { ref: lines, onFocusIn };
}
