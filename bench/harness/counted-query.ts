/** Sends one query to a gateway without calls of its own, and counts the calls that it makes for the answer. */
import type { Testbed } from './testbed.ts';

export interface CountedAnswer {
  readonly text: string;
  readonly tookMs: number;
  /** The gateway's calls by their operation, such as `DataExchange.ListJobs`. */
  readonly calls: Readonly<Record<string, number>>;
}

export async function countedQuery({ emulator, server }: Testbed, query: string): Promise<CountedAnswer> {
  await emulator.forgetRequests();
  const startedAt = performance.now();
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const text = await (await fetch(server.url, { method: 'POST', headers, body })).text();
  const tookMs = performance.now() - startedAt;
  return { text, tookMs, calls: await emulator.requests() };
}

export function sumOf(calls: CountedAnswer['calls']): number {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
