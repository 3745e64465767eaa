/** The commands between the run and its client processes, over Node's IPC channel. */

/** The states, by their numbers in a recording. */
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

/** One operation: `index` is its number in the whole run, `socket` that of a socket of this process. */
export interface Subscription {
  readonly index: number;
  readonly socket: number;
  readonly ids: readonly string[];
}

export type ClientCommand =
  /** Each socket sends the token with its number, if there are tokens. */
  | { readonly do: 'connect'; readonly url: string; readonly count: number; readonly tokens?: readonly string[] }
  | { readonly do: 'setJobs'; readonly jobs: readonly string[] }
  | { readonly do: 'subscribe'; readonly document: string; readonly subscriptions: readonly Subscription[] }
  | { readonly do: 'unsubscribe'; readonly subscriptions: readonly Subscription[] }
  /** Stops reading from the sockets from `from` to before `to`. */
  | { readonly do: 'pause'; readonly from: number; readonly to: number }
  /** Closes every second socket with a close frame, and destroys the others. */
  | { readonly do: 'disconnect' }
  | { readonly do: 'status' }
  /** Returns the recorded events and clears them. */
  | { readonly do: 'take' };

export interface ClientStatus {
  readonly openSockets: number;
  /** The sockets that have connected since the start of the process, also if they have closed. */
  readonly connected: number;
  readonly events: number;
  readonly completed: number;
  /** The faults by their text, with their number. */
  readonly faults: Readonly<Record<string, number>>;
  readonly cpuMs: number;
}

/** `taken` has `fieldsPerEvent` numbers for each event: subscription, job, from (-1 for null), to, observedAt, receivedAt. */
export interface ClientAnswer extends ClientStatus {
  readonly events: number;
  readonly taken?: Float64Array;
}

export const fieldsPerEvent = 6;
