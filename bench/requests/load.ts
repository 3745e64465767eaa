/** What the run and its callers say to each other about the requests to send. */

/** Replaced in a body by a number that no other request has, so that no create is a repeat of another. */
export const uniqueMark = '__UNIQUE__';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** May hold `uniqueMark`. */
  readonly body?: string;
}

export interface Load {
  readonly origin: string;
  /** Sent in turn. */
  readonly calls: readonly Call[];
  readonly durationMs: number;
}

export type LoadCommand =
  /** `perSecond` requests a second, whether or not those before are answered. */
  | ({ readonly do: 'steadily'; readonly perSecond: number; readonly patience?: Patience } & Load)
  /** Over `connections`, on each the next one as soon as there is an answer. */
  | ({ readonly do: 'flat out'; readonly connections: number } & Load)
  /** `size` requests in the same moment, and the next of them once all are answered. */
  | ({ readonly do: 'in bursts'; readonly size: number } & Load);

/** Of callers who do not know each other: each opens a connection where none is free, and gives up after `ms`. */
export interface Patience {
  readonly ms: number;
}

export interface LoadReport {
  /** Of each answer that was no failure. */
  readonly tookMs: Float64Array;
  /** What went wrong, by what it was. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** What the sending itself took of one core. */
  readonly cpuMs: number;
}

/** What went wrong in each part, and how often. */
export function faultsOf(reports: Readonly<Record<string, LoadReport>>): ReadonlyMap<string, number> {
  const faults = Object.entries(reports).map(([part, { failures }]) =>
    Object.entries(failures).map(([text, count]) => [`${part}: ${text}`, count] as const),
  );
  return new Map(faults.flat());
}
