/** Says what has finished while nobody was looking. */
import { stateWords } from '../words.ts';
import { useFinishedWhileAway } from './away.ts';
import type { ListedJob } from './store.ts';

export function AwayNotice({ jobs }: { readonly jobs: ReadonlyMap<string, ListedJob> }) {
  const { finished, forget } = useFinishedWhileAway(jobs);
  if (finished.length === 0) return null;
  return (
    <p class="notice" role="status">
      {finished.length} finished while you were away: {countsOf(finished)}.{' '}
      <button type="button" class="quiet" onClick={forget}>
        Close
      </button>
    </p>
  );
}

function countsOf(jobs: readonly ListedJob[]): string {
  const counts = new Map<string, number>();
  for (const { state } of jobs) counts.set(stateWords[state], (counts.get(stateWords[state]) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`).join(', ');
}
