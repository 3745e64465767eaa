/** Checks that every subscriber got each event exactly once and in order. */
import { fieldsPerEvent, type StateName, stateNames } from './client-protocol.ts';

export interface Delivery {
  readonly subscription: number;
  readonly job: number;
  readonly from: StateName | null;
  readonly to: StateName | undefined;
  readonly observedAt: number;
  readonly receivedAt: number;
}

export function* deliveriesIn(recordings: readonly Float64Array[]): Generator<Delivery> {
  for (const numbers of recordings) {
    for (let offset = 0; offset < numbers.length; offset += fieldsPerEvent) {
      const [subscription = -1, job = -1, from = -1, to = -1, observedAt = 0, receivedAt = 0] = numbers.subarray(
        offset,
        offset + fieldsPerEvent,
      );
      yield { subscription, job, from: stateNames[from] ?? null, to: stateNames[to], observedAt, receivedAt };
    }
  }
}

export interface Verdict {
  readonly lost: number;
  readonly duplicated: number;
  /** Out of order, or with a `previousState` other than the state before. */
  readonly reordered: number;
}

/** Compares what each of the subscriptions 0 to `subscriptions - 1` received with `states`, the states of every job. */
export function verdictOn(
  deliveries: readonly Delivery[],
  subscriptions: number,
  states: readonly StateName[],
): Verdict {
  const received = Array.from({ length: subscriptions }, (): Delivery[] => []);
  for (const delivery of deliveries) received[delivery.subscription]?.push(delivery);
  const verdict = { lost: 0, duplicated: 0, reordered: 0 };
  for (const events of received) {
    const distinct = new Set(events.map(({ to }) => to));
    verdict.lost += states.filter((state) => !distinct.has(state)).length;
    verdict.duplicated += events.length - distinct.size;
    verdict.reordered += misplacedIn(events, states);
  }
  return verdict;
}

function misplacedIn(events: readonly Delivery[], states: readonly StateName[]): number {
  let last: StateName | null = null;
  let misplaced = 0;
  for (const { from, to } of events) {
    if (to === last) continue;
    const isForward = to !== undefined && states.indexOf(to) > (last === null ? -1 : states.indexOf(last));
    if (!isForward || from !== last) misplaced += 1;
    last = to ?? last;
  }
  return misplaced;
}
