/** An instant as people say it, with the exact time at hand. */
import { useEffect, useState } from 'preact/hooks';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

export function relativeTime(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1_000);
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second');
}

export function absoluteTime(instant: string): string {
  return absolute.format(new Date(instant));
}

/** One timer for all instants of the page. */
const listeners = new Set<() => void>();
setInterval(() => {
  for (const listener of listeners) listener();
}, 10_000);

/** Renders only when its words change: a list has a thousand of these. */
export function Time({ at }: { readonly at: string }) {
  const [, setText] = useState('');
  useEffect(() => {
    const listener = (): void => setText(relativeTime(at, Date.now()));
    listener();
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [at]);
  return (
    <time dateTime={at} title={absoluteTime(at)}>
      {relativeTime(at, Date.now())}
    </time>
  );
}
