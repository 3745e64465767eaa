/** A gateway over services that answer one thing, asked once: what it called, how long it would wait, and what it holds. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { type Answer, field } from './gateway.ts';
import { type Answering, type ScriptedServices, startScripted } from './scripted-services.ts';
import { type WatchfulClock, watchfulClock } from './watchful-clock.ts';

/** Nothing that a service says makes the gateway wait longer. */
export const longestWaitMs = 5 * 60_000;
export const jobsOf = (service: string, fields = 'awsJobId') =>
  `{ jobs(filter: { service: ${service} }) { nodes { ${fields} } pageInfo { endCursor hasNextPage } } }`;

export interface Asked {
  readonly answer: Answer;
  readonly clock: WatchfulClock;
  readonly services: ScriptedServices;
}

/** Asks a gateway once, and sees that nothing waits for longer than it may, or waits on when the answer is there. */
export async function asked(query: string, answering: Answering): Promise<Asked> {
  const clock = watchfulClock();
  const services = await startScripted(answering, {}, { clock });
  await services.gateway.ask('{ __typename }');
  const { pending } = clock;
  clock.forget();
  const answer = await services.gateway.ask(query);
  expect(clock.longestMs).toBeLessThanOrEqual(longestWaitMs);
  await expect.poll(() => clock.pending).toBeLessThanOrEqual(pending);
  return { answer, clock, services };
}

export function codesOf({ errors = [] }: Answer): unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}

export interface Page {
  readonly nodes: readonly (Readonly<Record<string, unknown>> | null)[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

export const pageIn = ({ data }: Answer): Page => field<Page>(data, 'jobs');

/** Bytes after a full collection, buffers among them. */
export function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export const services = [
  ['DATA_EXCHANGE', 'DataExchange'],
  ['IMPORT_EXPORT', 'ImportExport'],
] as const;
