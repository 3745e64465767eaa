/** The documents of the workloads, and subscriptions spread over sockets and jobs. */
import type { Subscription } from './client-protocol.ts';
import type { SeededJob } from './emulator-control.ts';

export const watchDocument = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { observedAt cursor ... on JobStateChange { previousState state job { id state } } }
}`;

/** Events of about six kilobytes, so that a reader that has stopped soon fills its connection. */
export const wideDocument = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { observedAt cursor ... on JobStateChange { previousState state job { id state }
    ${Array.from({ length: 40 }, (_, index) => `again${index}: job { id awsJobId state service createdAt }`).join('\n')}
  } }
}`;

/** `perSocket` subscriptions on each of `sockets`, each for one job, taken in turn. */
export function planned(sockets: number, perSocket: number, jobs: readonly SeededJob[]): readonly Subscription[] {
  return Array.from({ length: sockets * perSocket }, (_, index) => ({
    index,
    socket: Math.floor(index / perSocket),
    ids: [jobs[index % jobs.length]?.id ?? ''],
  }));
}
