/** What a Data Exchange job does, as marks that tell equal work from other work and say nothing of what it is. */

import type { Member, Members } from '../backends/data-exchange/job-types/work-members.ts';
import { type Work, workAsked, workShown } from '../backends/data-exchange/same-work.ts';
import type { DataExchangeJobDetails } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import type { Trace } from './create-record.ts';
import type { Fingerprint } from './fingerprint.ts';

/**
 * `work` stands for all that every reply repeats. `said` stands for the rest: by member, and for a member of a list's items by
 * item as well, one mark for each item that has the same `work`.
 */
export interface WorkMark {
  readonly work: string;
  readonly said: Readonly<Record<string, readonly string[]>>;
}

/** Raised with every change of how marks are made: those of different versions cannot be compared. */
export const workMarkVersion = 2;

/** Nothing was said, and whatever the other side says may be meant. */
const anything = '';
/** Nothing was said, and that means something. */
const left = '-';

/** Undefined where another version of the gateway made it, or there is none. */
export function workMarkIn(trace: Trace | null): WorkMark | undefined {
  if (trace?.service !== 'DATA_EXCHANGE' || trace.version !== workMarkVersion || trace.said === undefined)
    return undefined;
  return { work: trace.work, said: trace.said };
}

export type Likeness =
  /** All that may be asked for is shown, as it was. */
  | 'same'
  /** What is shown was asked for. Of what is not shown nobody can say. */
  | 'possible'
  | 'different';

/** Undefined where nothing is asked for. */
export function markAsked(request: DataExchangeJobRequest, fingerprint: Fingerprint): WorkMark | undefined {
  const work = workAsked(request);
  return (
    work &&
    markOf(work, fingerprint, (member) => {
      if (member.reply !== 'may leave out' || member.fillsIn === true) return anything;
      return member.fillsIn === false ? left : shortMark(member.fillsIn, fingerprint);
    })
  );
}

export function markShown(details: DataExchangeJobDetails, fingerprint: Fingerprint): WorkMark {
  return markOf(workShown(details), fingerprint, () => anything);
}

/** Whether a job that shows `shown` may have come of a create that asked for `asked`; or whether two creates may have made equal jobs. */
export function likeness(asked: WorkMark, shown: WorkMark): Likeness {
  if (asked.work !== shown.work) return 'different';
  let isWhole = true;
  for (const [name, marks] of Object.entries(asked.said)) {
    const others = shown.said[name] ?? marks.map(() => anything);
    if (!canPair(marks, others)) return 'different';
    if (said(others) < said(marks)) isWhole = false;
  }
  return isWhole ? 'same' : 'possible';
}

/** Whether each of `marks` has one of `others` that says the same, or says nothing where the first or it may. */
function canPair(marks: readonly string[], others: readonly string[]): boolean {
  const open = [...others];
  let unpaired = 0;
  for (const mark of marks.filter((each) => each !== anything)) {
    const at = open.indexOf(mark);
    if (at >= 0) open.splice(at, 1);
    else unpaired += 1;
  }
  return marks.length === others.length && unpaired <= open.filter((each) => each === anything).length;
}

function said(marks: readonly string[]): number {
  return marks.filter((each) => each !== anything).length;
}

type WhereAbsent = (member: Member) => string;

function markOf({ branch, members, values }: Work, fingerprint: Fingerprint, whereAbsent: WhereAbsent): WorkMark {
  const said = new Map<string, string[]>();
  const core = coreOf(values, members, { path: '', said, fingerprint, whereAbsent });
  return { work: fingerprint([branch, core]), said: Object.fromEntries(said) };
}

interface Marking {
  readonly path: string;
  readonly said: Map<string, string[]>;
  readonly fingerprint: Fingerprint;
  readonly whereAbsent: WhereAbsent;
}

/** What every reply repeats of `values`, in one order; the rest goes to `said`. */
function coreOf(values: Readonly<Record<string, unknown>>, members: Members, marking: Marking): unknown {
  const core: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    const value = values[name];
    if (member.reply === 'repeats') {
      core[name] = 'items' in member ? itemsOf(value, member.items, marking) : ordered(value);
    }
  }
  const path = marking.path === '' ? '' : `${marking.path}${shortMark(core, marking.fingerprint)}.`;
  for (const [name, member] of Object.entries(members)) {
    if (member.reply === 'may leave out') note(`${path}${name}`, values[name], member, marking);
  }
  return core;
}

function itemsOf(value: unknown, items: Members, marking: Marking): unknown {
  if (!Array.isArray(value)) return null;
  return ordered(value.map((item: unknown) => coreOf(recordFrom(item), items, { ...marking, path: 'item ' })));
}

function note(name: string, value: unknown, member: Extract<Member, { reply: 'may leave out' }>, marking: Marking) {
  const { said, fingerprint, whereAbsent } = marking;
  if (member.parts !== undefined) {
    for (const [part, each] of Object.entries(member.parts)) {
      if (each.reply === 'may leave out') note(`${name}.${part}`, recordFrom(value)[part], each, marking);
    }
    return;
  }
  const mark = isAbsent(value) ? whereAbsent(member) : shortMark(ordered(value), fingerprint);
  said.set(name, [...(said.get(name) ?? []), mark]);
}

/** An empty text or list is what tools send for none, and what some replies show for it. */
function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** 96 bits: a request has a few hundred members at most. */
function shortMark(value: unknown, fingerprint: Fingerprint): string {
  return fingerprint(value).slice(0, 16);
}

/** Equal for values that differ in the order of lists and members only. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member != null);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, ordered(member)]),
  );
}

function recordFrom(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
