/** What a gateway says over `graphql-transport-ws`, as far as the watchers of a soak read it. */

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: {
    readonly data?: { readonly jobStateChanged: Change } | null;
    readonly errors?: readonly GraphqlFault[];
  } & readonly GraphqlFault[];
}

/** An event that is no change of a state has neither of the first two. */
interface Change {
  readonly previousState?: string | null;
  readonly state?: string;
  readonly observedAt: string;
  readonly cursor: string;
}

interface GraphqlFault {
  readonly extensions?: { readonly code?: string };
}
