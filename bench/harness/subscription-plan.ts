/** Who watches what: the documents of the workloads, and subscriptions spread over sockets and jobs. */
import type { Subscription } from './client-protocol.ts';
import type { SeededJob } from './emulator-control.ts';

export const watchDocument = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { observedAt cursor ... on JobStateChange { previousState state job { id state } } }
}`;

/** Events of about six kilobytes, so that a reader who stops soon has its connection full. */
export const wideDocument = `subscription ($ids: [ID!]!) {
  jobStateChanged(ids: $ids) { observedAt cursor ... on JobStateChange { previousState state job { id state }
    ${Array.from({ length: 40 }, (_, index) => `again${index}: job { id awsJobId state service createdAt }`).join('\n')}
  } }
}`;

/** `perSocket` subscriptions on each of `sockets`, each of one job; the jobs are taken in turn. */
export function planned(sockets: number, perSocket: number, jobs: readonly SeededJob[]): readonly Subscription[] {
  return Array.from({ length: sockets * perSocket }, (_, index) => ({
    index,
    socket: Math.floor(index / perSocket),
    ids: [jobs[index % jobs.length]?.id ?? ''],
  }));
}
