/** A transition as the store keeps it: as JSON, without what is a secret. */
import { z } from 'zod';
import type { Job } from '../../model/job.ts';
import { type JobState, jobServices } from '../../model/job-state.ts';
import type { Head, HistoryEntry, Transition, TransitionKind } from './transition-log.ts';

/** Told of each entry that this version cannot read, by the name of what it is in. */
export type OnUnreadable = (collection: string) => void;

const state = z.custom<JobState>((value) => typeof value === 'string');
const kind: z.ZodType<TransitionKind> = z.enum(['appeared', 'changed', 'first']);
const instant = z.iso.datetime().transform((text) => new Date(text));

/** What the members of a job are is the business of the version that wrote it. */
const storedJob = z
  .looseObject({ service: z.enum(jobServices), awsJobId: z.string() })
  .transform((job) => revived(job) as Job);

// Members that this version does not know are a newer gateway's, which shares the log.
const entryShape = {
  offset: z.number(),
  sequence: z.number(),
  kind,
  from: state.nullable(),
  to: state,
  observedAt: instant,
};

export const storedHistoryEntry: z.ZodType<HistoryEntry> = z.object(entryShape);
export const storedTransition: z.ZodType<Transition> = z.object({ ...entryShape, job: storedJob });
export const storedHead: z.ZodType<Head & { readonly offset: number }> = z.object({
  kind,
  sequence: z.number(),
  to: state,
  offset: z.number(),
});

/** `transition` as it may be written. Who reads it back reads a signed URL afresh, as after a list. */
export function storable(transition: Transition): Transition {
  return { ...transition, job: withoutSecrets(transition.job) as Job };
}

/** Dates become objects that nothing else in a job looks like. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'signedUrl');
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutSecrets(member)]));
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value && typeof value.$date === 'string') return new Date(value.$date);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, revived(member)]));
}
