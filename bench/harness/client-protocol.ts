/** What the run and its client processes say to each other, over Node's own channel. */

/** The states as the events of a recording number them. */
export const stateNames = [
  'WAITING',
  'IN_PROGRESS',
  'COMPLETED',
  'COMPLETED_WITH_ERRORS',
  'CANCELLED',
  'TIMED_OUT',
  'FAILED',
  'UNKNOWN',
] as const;

export type StateName = (typeof stateNames)[number];

/** One operation to open: `index` is its number in the whole run, `socket` that of a socket of this process. */
export interface Subscription {
  readonly index: number;
  readonly socket: number;
  readonly ids: readonly string[];
}

export type ClientCommand =
  /** A socket proves with the token of its number who is behind it; with none where there are none. */
  | { readonly do: 'connect'; readonly url: string; readonly count: number; readonly tokens?: readonly string[] }
  | { readonly do: 'know'; readonly jobs: readonly string[] }
  | { readonly do: 'subscribe'; readonly document: string; readonly subscriptions: readonly Subscription[] }
  | { readonly do: 'unsubscribe'; readonly subscriptions: readonly Subscription[] }
  /** Stops reading from the sockets from `from` to before `to`. */
  | { readonly do: 'pause'; readonly from: number; readonly to: number }
  /** Ends every socket: one in two with a close frame, the other by cutting the connection. */
  | { readonly do: 'disconnect' }
  | { readonly do: 'status' }
  /** Hands over what was recorded, and forgets it. */
  | { readonly do: 'take' };

export interface ClientStatus {
  readonly openSockets: number;
  /** Connected since the start of the process, whether or not they still are. */
  readonly connected: number;
  readonly events: number;
  readonly completed: number;
  /** What went wrong, by its text, and how often. */
  readonly faults: Readonly<Record<string, number>>;
  readonly cpuMs: number;
}

/** `events` holds `fieldsPerEvent` numbers for each event: subscription, job, from (-1 for null), to, observedAt, receivedAt. */
export interface ClientAnswer extends ClientStatus {
  readonly events: number;
  readonly taken?: Float64Array;
}

export const fieldsPerEvent = 6;
