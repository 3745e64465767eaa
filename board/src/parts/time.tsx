/** An instant as people say it, with the exact time at hand. */
import { useEffect, useState } from 'preact/hooks';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

const units = [
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago within a day, then the day: what was 40 hours ago may be of yesterday or of the day before. */
export function relativeTime(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1_000);
  if (Math.abs(seconds) >= 86_400) return dayAndTime(new Date(instant), new Date(now));
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second');
}

function dayAndTime(instant: Date, now: Date): string {
  const days = Math.round((midnightOf(instant) - midnightOf(now)) / 86_400_000);
  return Math.abs(days) > 6 ? day.format(instant) : `${relative.format(days, 'day')}, ${clock.format(instant)}`;
}

function midnightOf(instant: Date): number {
  return new Date(instant).setHours(0, 0, 0, 0);
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
