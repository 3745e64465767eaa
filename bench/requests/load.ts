/** What the run and its callers say to each other about the requests to send. */

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly origin: string;
  /** Sent in turn. */
  readonly calls: readonly Call[];
  readonly durationMs: number;
}

export type LoadCommand =
  /** So many a second, whether or not those before are answered. */
  | ({ readonly do: 'steadily'; readonly perSecond: number } & Load)
  /** Over so many connections, on each the next one as soon as there is an answer. */
  | ({ readonly do: 'flat out'; readonly connections: number } & Load);

export interface LoadReport {
  /** Of each answer that was no failure. */
  readonly tookMs: Float64Array;
  /** What went wrong, by what it was. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

/** What went wrong in each part, and how often. */
export function faultsOf(reports: Readonly<Record<string, LoadReport>>): ReadonlyMap<string, number> {
  const faults = Object.entries(reports).map(([part, { failures }]) =>
    Object.entries(failures).map(([text, count]) => [`${part}: ${text}`, count] as const),
  );
  return new Map(faults.flat());
}
