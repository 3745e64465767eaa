/** The rows of the race: what is asked, at which pace, and of whom. */
import type { SeededJob } from '../harness/emulator-control.ts';
import type { OperationName } from './documents.ts';
import { create, drawn, type Variables } from './variables.ts';

export type Pace =
  | { readonly kind: 'connections'; readonly connections: number }
  | { readonly kind: 'burst'; readonly size: number }
  | { readonly kind: 'rate'; readonly perSecond: number }
  /** `times` what the contender answers over `connections`, of callers who wait for a second. */
  | { readonly kind: 'excess'; readonly times: number; readonly connections: number };

export interface Row {
  readonly number: number;
  readonly name: string;
  readonly operation: OperationName;
  readonly pace: Pace;
  /** Sent in turn. `ids` are those of Data Exchange jobs, the newest first. */
  readonly variables: (ids: readonly string[]) => readonly Variables[];
  /** Absent: every contender that can answer, but for Waybill with tokens. */
  readonly contenders?: readonly string[];
  readonly isAlsoWithTokens?: boolean;
  /** Whether the service is asked the same by itself, for comparison. */
  readonly isBesideService?: boolean;
  /** Whether its table tells of refusals even where there were none. */
  readonly tellsRefusals?: boolean;
  /** Where a round has to last longer than the others. */
  readonly seconds?: number;
}

/**
 * With 32 connections and ids drawn evenly from 110, about a quarter of the reads ask for a job that another read under way asks
 * for: (1 - 1/110)^31 = 0.75.
 */
const idsInTurn = 110;
const drawnRequests = 2_000;

const oneJob = (ids: readonly string[]) => drawn(ids.slice(0, idsInTurn), drawnRequests);
const page = (): readonly Variables[] => [{ first: 100, service: 'DATA_EXCHANGE' }];
/** The rows about too much work take longer. */
const waybillAndYoga = ['waybill', 'yoga'];

/** In the order in which they are run: creates come last, since they push the seeded jobs out of the first page. */
export const rows: readonly Row[] = [
  {
    number: 1,
    name: '{ __typename }, 32 connections',
    operation: 'Typename',
    pace: { kind: 'connections', connections: 32 },
    variables: () => [{}],
    isAlsoWithTokens: true,
  },
  {
    number: 2,
    name: 'one job, 32 connections',
    operation: 'OneJob',
    pace: { kind: 'connections', connections: 32 },
    variables: oneJob,
    isAlsoWithTokens: true,
  },
  {
    number: 3,
    name: 'jobs(first: 100), 8 connections',
    operation: 'Page',
    pace: { kind: 'connections', connections: 8 },
    variables: page,
    isAlsoWithTokens: true,
  },
  {
    number: 4,
    name: '50 equal reads at once',
    operation: 'OneJob',
    pace: { kind: 'burst', size: 50 },
    variables: (ids) => [{ id: ids[0] ?? '' }],
  },
  {
    number: 5,
    name: 'nodes(ids: [200]), 2 connections',
    operation: 'Nodes',
    pace: { kind: 'connections', connections: 2 },
    variables: (ids) => [{ ids: ids.slice(0, 200) }],
  },
  {
    number: 7,
    name: 'jobs of both services (first: 100), 8 connections',
    operation: 'BothServices',
    pace: { kind: 'connections', connections: 8 },
    variables: () => [{ first: 100 }],
  },
  {
    number: 8,
    name: 'one job, 500 a second',
    operation: 'OneJob',
    pace: { kind: 'rate', perSecond: 500 },
    variables: oneJob,
    contenders: waybillAndYoga,
    isBesideService: true,
  },
  {
    number: 9,
    name: 'one job, at three times the peak',
    operation: 'OneJob',
    pace: { kind: 'excess', times: 3, connections: 32 },
    variables: oneJob,
    contenders: waybillAndYoga,
    tellsRefusals: true,
  },
  {
    number: 10,
    name: 'jobs(first: 100), 32 connections',
    operation: 'Page',
    pace: { kind: 'connections', connections: 32 },
    variables: page,
    contenders: waybillAndYoga,
    tellsRefusals: true,
    seconds: 6,
  },
  {
    number: 6,
    name: 'create a job, 8 connections',
    operation: 'Create',
    pace: { kind: 'connections', connections: 8 },
    variables: () => [create],
  },
];

/** The newest first: what was seeded came oldest first. */
export function newestIds(jobs: readonly SeededJob[]): readonly string[] {
  return jobs
    .filter(({ service }) => service === 'DATA_EXCHANGE')
    .map(({ id }) => id)
    .reverse();
}
