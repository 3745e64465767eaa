/** The events of both subscriptions, and what readers must have seen of them. */

const fields = `
    __typename
    cursor
    ... on JobStateChange { previousState state job { id } }
    ... on JobGone { id }
    ... on JobsStale { service ids }
    ... on JobsFresh { service ids }`;

export const subscriptions = {
  jobStateChanged: `subscription JobStateChanged($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) {${fields}
  }
}`,
  jobActivity: `subscription JobActivity($after: String) {
  jobActivity(after: $after) {${fields}
  }
}`,
} as const;

export type Field = keyof typeof subscriptions;

export interface Event {
  readonly __typename: string;
  readonly cursor: string;
  readonly previousState?: string | null;
  readonly state?: string;
  readonly job?: { readonly id: string };
  readonly id?: string;
}

/** The steps that a reader saw of a job, such as `null -> WAITING`. */
export function stepsOf(events: readonly Event[], id: string): readonly string[] {
  return events.filter(({ job }) => job?.id === id).map(({ previousState, state }) => `${previousState} -> ${state}`);
}
