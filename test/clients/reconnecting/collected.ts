/** What the reader of an operation received. */
import type { Client, FormattedExecutionResult } from 'graphql-ws';

export interface Collected {
  readonly results: FormattedExecutionResult<Record<string, unknown>, unknown>[];
  readonly errors: unknown[];
  completions: number;
  /** The cursors of the events. */
  readonly cursors: () => readonly unknown[];
  readonly stop: () => void;
}

export function collect(client: Client, query: string, variables: Record<string, unknown> = {}): Collected {
  const results: Collected['results'] = [];
  const errors: unknown[] = [];
  const collected: Collected = {
    results,
    errors,
    completions: 0,
    cursors: () =>
      results.flatMap(({ data }) => Object.values(data ?? {}).map((event) => (event as { cursor?: unknown }).cursor)),
    stop: client.subscribe<Record<string, unknown>>(
      { query, variables },
      {
        next: (result) => results.push(result),
        error: (error) => errors.push(error),
        complete: () => {
          collected.completions += 1;
        },
      },
    ),
  };
  return collected;
}
