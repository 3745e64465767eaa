/** Sends one query to a gateway over scripted services, and checks how long it waits and what it leaves behind. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { type Answer, field } from './gateway.ts';
import { type RecordingClock, recordingClock } from './recording-clock.ts';
import { type Responder, type ScriptedServices, startScripted } from './scripted-services.ts';

/** The gateway waits at most this long, whatever a service says. */
export const longestWaitMs = 5 * 60_000;
export const jobsOf = (service: string, fields = 'awsJobId') =>
  `{ jobs(filter: { service: ${service} }) { nodes { ${fields} } pageInfo { endCursor hasNextPage } unavailableServices { code retryAfterMs } } }`;

export interface QueryOutcome {
  readonly answer: Answer;
  readonly clock: RecordingClock;
  readonly services: ScriptedServices;
}

/** Sends one query; checks that no timer is longer than the maximum and that none remains after the answer. */
export async function sendQuery(query: string, answering: Responder): Promise<QueryOutcome> {
  const clock = recordingClock();
  const services = await startScripted(answering, {}, { clock });
  await services.gateway.ask('{ __typename }');
  const { pending } = clock;
  clock.forget();
  const answer = await services.gateway.ask(query);
  expect(clock.longestMs).toBeLessThanOrEqual(longestWaitMs);
  await expect.poll(() => clock.pending).toBeLessThanOrEqual(pending);
  return { answer, clock, services };
}

/** The codes of the errors, and of the services that could not be listed. */
export function codesOf({ data, errors = [] }: Answer): unknown[] {
  const page = data?.['jobs'] as Partial<Page> | null | undefined;
  const unavailable = page?.unavailableServices?.map(({ code }) => code) ?? [];
  return [...errors.map(({ extensions }) => extensions?.['code']), ...unavailable];
}

export interface Page {
  readonly nodes: readonly (Readonly<Record<string, unknown>> | null)[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
  readonly unavailableServices?: readonly { readonly code: string; readonly retryAfterMs: number | null }[];
}

export const pageIn = ({ data }: Answer): Page => field<Page>(data, 'jobs');

/** The bytes in use after a full collection, with buffers. */
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
