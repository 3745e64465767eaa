/** The work of a Data Exchange job as hashes that compare equal for equal work and reveal nothing of it. */

import type { Member, Members } from '../backends/data-exchange/job-types/work-members.ts';
import { requestedWork, shownWork, type Work } from '../backends/data-exchange/same-work.ts';
import type { DataExchangeJobDetails } from '../model/data-exchange-job.ts';
import type { DataExchangeJobRequest } from '../model/data-exchange-request.ts';
import type { Trace } from './create-record.ts';
import type { Fingerprint } from './fingerprint.ts';

/**
 * `work` is the hash of all members that every reply repeats. `said` has the rest: by member, and for a member of list
 * items also by item, one mark for each item with the same `work`.
 */
export interface WorkMark {
  readonly work: string;
  readonly said: Readonly<Record<string, readonly string[]>>;
}

/** Increased with every change of the marks: those of different versions cannot be compared. */
export const workMarkVersion = 2;

/** Not specified; any value of the other side matches. */
const unspecified = '';
/** Not specified, and that is a value of its own. */
const absent = '-';

/** Undefined if there is no mark, or another version made it. */
export function workMarkIn(trace: Trace | null): WorkMark | undefined {
  if (trace?.service !== 'DATA_EXCHANGE' || trace.version !== workMarkVersion || trace.said === undefined)
    return undefined;
  return { work: trace.work, said: trace.said };
}

export type Match =
  /** All members are shown, and equal. */
  | 'same'
  /** All members that are shown are equal; others are not shown. */
  | 'possible'
  | 'different';

/** Undefined if the request is empty. */
export function markOfRequest(request: DataExchangeJobRequest, fingerprint: Fingerprint): WorkMark | undefined {
  const work = requestedWork(request);
  return (
    work &&
    markOf(work, fingerprint, (member) => {
      if (member.reply !== 'may leave out' || member.fillsIn === true) return unspecified;
      return member.fillsIn === false ? absent : shortMark(member.fillsIn, fingerprint);
    })
  );
}

export function markOfReply(details: DataExchangeJobDetails, fingerprint: Fingerprint): WorkMark {
  return markOf(shownWork(details), fingerprint, () => unspecified);
}

/**
 * Whether a job with the mark `shown` may have come of a create with the mark `requested`; or whether two creates may
 * make equal jobs.
 */
export function matchOf(requested: WorkMark, shown: WorkMark): Match {
  if (requested.work !== shown.work) return 'different';
  let isWhole = true;
  for (const [name, marks] of Object.entries(requested.said)) {
    const others = shown.said[name] ?? marks.map(() => unspecified);
    if (!canPair(marks, others)) return 'different';
    if (said(others) < said(marks)) isWhole = false;
  }
  return isWhole ? 'same' : 'possible';
}

/** Whether each of `marks` can be paired with an equal one of `others`, or with an unspecified one. */
function canPair(marks: readonly string[], others: readonly string[]): boolean {
  const open = [...others];
  let unpaired = 0;
  for (const mark of marks.filter((each) => each !== unspecified)) {
    const at = open.indexOf(mark);
    if (at >= 0) open.splice(at, 1);
    else unpaired += 1;
  }
  return marks.length === others.length && unpaired <= open.filter((each) => each === unspecified).length;
}

function said(marks: readonly string[]): number {
  return marks.filter((each) => each !== unspecified).length;
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

/** The members of `values` that every reply repeats, sorted; the rest is added to `said`. */
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

/** Tools send an empty text or list for an absent value, and some replies show it so. */
function isAbsent(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** 96 bits: a request has a few hundred members at most. */
function shortMark(value: unknown, fingerprint: Fingerprint): string {
  return fingerprint(value).slice(0, 16);
}

/** Equal for values that differ only in the order of lists and members. */
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
