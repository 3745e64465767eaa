/** The stored form of a transition: JSON without secrets. */
import { z } from 'zod';
import type { Job } from '../../model/job.ts';
import { type JobState, jobServices } from '../../model/job-state.ts';
import type { Head, HistoryEntry, Transition, TransitionKind } from './transition-log.ts';

/** Called for each entry that this version cannot read, with the name of its collection. */
export type OnUnreadable = (collection: string) => void;

const state = z.custom<JobState>((value) => typeof value === 'string');
const kind: z.ZodType<TransitionKind> = z.enum(['appeared', 'changed', 'first']);
const instant = z.iso.datetime().transform((text) => new Date(text));

/** Further members are not checked: the version that wrote the job defines them. */
const storedJob = z
  .looseObject({ service: z.enum(jobServices), awsJobId: z.string() })
  .transform((job) => revived(job) as Job);

// Unknown members come from a newer gateway that shares the log.
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

/** `transition` in its stored form. Readers read a signed URL afresh, as after a list. */
export function storable(transition: Transition): Transition {
  return { ...transition, job: withoutSecrets(transition.job) as Job };
}

/** Dates become objects of a form that no other value of a job has. */
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
