/** The messages of `graphql-transport-ws`, as far as the watchers of a soak read them. */

export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: {
    readonly data?: { readonly jobStateChanged: Change } | null;
    readonly errors?: readonly GraphqlFault[];
  } & readonly GraphqlFault[];
}

/** An event other than a state change lacks the first two members. */
interface Change {
  readonly previousState?: string | null;
  readonly state?: string;
  readonly observedAt: string;
  readonly cursor: string;
}

interface GraphqlFault {
  readonly extensions?: { readonly code?: string };
}
