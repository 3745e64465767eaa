/** The commands and reports of the processes that send requests. */

/** Replaced in a body by a unique number, so that no create repeats another. */
export const uniqueMark = '__UNIQUE__';

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** May contain `uniqueMark`. */
  readonly body?: string;
}

export interface Load {
  readonly origin: string;
  /** Sent in turn. */
  readonly calls: readonly Call[];
  readonly durationMs: number;
}

export type LoadCommand =
  /** `perSecond` requests a second, whether or not earlier ones are answered. */
  | ({ readonly do: 'steadily'; readonly perSecond: number; readonly patience?: Patience } & Load)
  /** Over `connections`, each sending the next request after each response. */
  | ({ readonly do: 'flat out'; readonly connections: number } & Load)
  /** `size` requests at once, and the next ones when all are answered. */
  | ({ readonly do: 'in bursts'; readonly size: number } & Load);

/** For independent callers: each opens a connection if none is free, and gives up after `ms`. */
export interface Patience {
  readonly ms: number;
}

export interface LoadReport {
  /** Of each successful response. */
  readonly tookMs: Float64Array;
  /** The failures by their text. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  /** The CPU time of the sending itself. */
  readonly cpuMs: number;
}

/** The failures of each part, with their number. */
export function faultsOf(reports: Readonly<Record<string, Pick<LoadReport, 'failures'>>>): ReadonlyMap<string, number> {
  const faults = Object.entries(reports).map(([part, { failures }]) =>
    Object.entries(failures).map(([text, count]) => [`${part}: ${text}`, count] as const),
  );
  return new Map(faults.flat());
}
