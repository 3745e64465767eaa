/** Records the events of one subscription across reconnections, and checks that they are complete, unique and in order. */

export interface ChainEvent {
  /** Null for the present state, the first event of every chain. */
  readonly from: string | null;
  readonly to: string;
  readonly observedAt: number;
}

export interface Chain {
  readonly job: string;
  readonly events: ChainEvent[];
  /** Whether the client ended it; then nothing is missing at its end. */
  isLeft: boolean;
  isComplete: boolean;
}

export interface ChainsVerdict {
  readonly events: number;
  readonly changes: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Events with a `previousState` other than the state before. */
  readonly disjoint: number;
  /** Open subscriptions at the end without an event or without the last state. */
  readonly behind: number;
  /** The first faulty chains, in full. */
  readonly examples: readonly string[];
}

const maxExamples = 5;

/** Compares the chains of each job with the events of all of them; `finals` are the states of the jobs at the end. */
export function verdictOn(chains: readonly Chain[], finals: ReadonlyMap<string, string>): ChainsVerdict {
  const changesOf = new Map([...byJob(chains)].map(([job, ofJob]) => [job, changesIn(ofJob)]));
  const verdict = { events: 0, lost: 0, duplicated: 0, reordered: 0, disjoint: 0, behind: 0 };
  const examples: string[] = [];
  for (const chain of chains) {
    const { events, isLeft, isComplete } = chain;
    verdict.events += events.length;
    const lost = lostOf(chain, changesOf.get(chain.job) ?? []);
    verdict.lost += lost;
    verdict.duplicated += events.length - new Set(events.map(keyOf)).size;
    verdict.reordered += pairs(events).filter(([before, after]) => after.observedAt < before.observedAt).length;
    verdict.disjoint += pairs(events).filter(([before, after]) => after.from !== before.to).length;
    const isBehind = !isLeft && !isComplete && events.at(-1)?.to !== finals.get(chain.job);
    if (isBehind) verdict.behind += 1;
    if ((isBehind || lost > 0) && examples.length < maxExamples)
      examples.push(
        `${lost} lost, ${finals.get(chain.job)} at the end: ${textOf(chain)}; all: ${changesOf.get(chain.job)?.map(keyOf).join(', ')}`,
      );
  }
  return { ...verdict, examples, changes: [...changesOf.values()].reduce((sum, changes) => sum + changes.length, 0) };
}

function byJob(chains: readonly Chain[]): ReadonlyMap<string, readonly Chain[]> {
  const grouped = new Map<string, Chain[]>();
  for (const chain of chains) {
    const ofJob = grouped.get(chain.job);
    if (ofJob === undefined) grouped.set(chain.job, [chain]);
    else ofJob.push(chain);
  }
  return grouped;
}

/** Every change that any chain received, in order. */
function changesIn(chains: readonly Chain[]): readonly ChainEvent[] {
  const changes = new Map<string, ChainEvent>();
  for (const event of chains.flatMap(({ events }) => events)) if (event.from !== null) changes.set(keyOf(event), event);
  return [...changes.values()].sort((a, b) => a.observedAt - b.observedAt);
}

/** The changes after its first event, and before it was left, that it did not receive. */
function lostOf({ events, isLeft }: Chain, changes: readonly ChainEvent[]): number {
  const [first] = events;
  if (first === undefined) return 0;
  const received = new Set(events.map(keyOf));
  const until = isLeft ? (events.at(-1)?.observedAt ?? 0) : Number.POSITIVE_INFINITY;
  const due = changes.filter(({ observedAt }) => observedAt > first.observedAt && observedAt <= until);
  return due.filter((change) => !received.has(keyOf(change))).length;
}

function textOf({ job, events, isLeft, isComplete }: Chain): string {
  const end = isLeft ? ', then left' : isComplete ? ', then complete' : '';
  return `${job} received ${events.map(keyOf).join(', ')}${end}`;
}

function keyOf({ from, to, observedAt }: ChainEvent): string {
  return `${observedAt} ${from} ${to}`;
}

function pairs<T>(values: readonly T[]): readonly (readonly [T, T])[] {
  return values.slice(1).map((value, index) => [values[index] ?? value, value] as const);
}
