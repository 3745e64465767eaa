/** What the list says where it has no lines, or not all. */
import { useEffect, useState } from 'preact/hooks';
import type { UnavailableService } from 'waybill-client/store';
import { Link } from 'wouter-preact';
import { Heading } from '../parts/heading.tsx';
import { doubtToken } from '../session.ts';
import { serviceWords } from '../words.ts';

/** Between two attempts to read the list, in seconds. */
const retryAfter = 10;

export function ListFailure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const [seconds, setSeconds] = useState(retryAfter);
  useEffect(doubtToken, []);
  useEffect(() => {
    const timer = setTimeout(() => (seconds > 1 ? setSeconds(seconds - 1) : onRetry()), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return (
    <div class="failure">
      <p role="alert">The list cannot be read at the moment. {messageOf(error)}</p>
      <p>
        The page asks again in {seconds} s.{' '}
        <button type="button" class="quiet" onClick={onRetry}>
          Ask now
        </button>
      </p>
    </div>
  );
}

function messageOf(error: unknown): string {
  const { message, reason } = Object(error) as { readonly message?: unknown; readonly reason?: unknown };
  return [message, reason].find((text) => typeof text === 'string' && text !== '')?.toString() ?? '';
}

/** The jobs of the other service are shown below. */
export function Outage({ services }: { readonly services: readonly UnavailableService[] }) {
  if (services.length === 0) return null;
  const names = services.map(({ service }) => serviceWords[service]).join(' and ');
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{names} cannot be asked at the moment.</strong>{' '}
        {services.length === 1
          ? 'Its jobs may be missing here or out of date; those of the other service are all here.'
          : 'What is shown here is what was known before.'}
      </p>
      {services.map(({ service, message }) => (
        <p class="hint" key={service}>
          {message}
        </p>
      ))}
      <p class="hint">The page asks again every ten seconds, and the missing jobs then come by themselves.</p>
    </div>
  );
}

export function Denied() {
  return (
    <section class="empty">
      <Heading title="Jobs are not for this token" />
      <p>
        Your token may not read jobs: it lacks the scope <code>jobs:read</code>. Whoever gave it to you can give you
        another.
      </p>
    </section>
  );
}

interface EmptyProps {
  readonly isFiltered: boolean;
  readonly hasMore: boolean;
  readonly mayWrite: boolean;
}

export function Empty({ isFiltered, hasMore, mayWrite }: EmptyProps) {
  if (hasMore)
    return <p class="empty">None of the newest jobs fits these filters. Older ones may: “Older jobs” looks further.</p>;
  if (isFiltered) return <p class="empty">No job fits these filters. One that does will appear here by itself.</p>;
  return (
    <div class="empty">
      <p>There are no jobs yet. A new one appears here by itself, whoever creates it.</p>
      {mayWrite && <Link href="/new">Create the first job</Link>}
    </div>
  );
}

/** Lines where the jobs will be, so that nothing jumps when they come. */
export function Skeleton() {
  return (
    <div class="skeleton">
      <p class="visually-hidden" role="status">
        Reading the newest jobs of both services
      </p>
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}
