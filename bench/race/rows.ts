/** The rows of the race: the operation, the pace at which it is sent, and the contenders that run it. */
import type { SeededJob } from '../harness/emulator-control.ts';
import type { OperationName } from './documents.ts';
import { create, drawn, type Variables } from './variables.ts';

export type Pace =
  | { readonly kind: 'connections'; readonly connections: number }
  | { readonly kind: 'burst'; readonly size: number }
  | { readonly kind: 'rate'; readonly perSecond: number }
  /** `times` the contender's throughput over `connections`; each caller waits for at most a second. */
  | { readonly kind: 'excess'; readonly times: number; readonly connections: number };

export interface Row {
  readonly number: number;
  readonly name: string;
  readonly operation: OperationName;
  readonly pace: Pace;
  /** Sent in rotation. `ids` are the ids of Data Exchange jobs, the newest first. */
  readonly variables: (ids: readonly string[]) => readonly Variables[];
  /** Absent: every contender that supports the operation, except Waybill with tokens. */
  readonly contenders?: readonly string[];
  readonly isAlsoWithTokens?: boolean;
  /** Whether the same load is also sent directly to the service, for comparison. */
  readonly isBesideService?: boolean;
  /** Whether the table has a column of refusals even where there were none. */
  readonly alwaysShowsRefusals?: boolean;
  /** How long a round lasts where it has to be longer than the others. */
  readonly seconds?: number;
}

/**
 * With 32 connections and ids drawn evenly from 110, about a quarter of the reads ask for a job that another read in
 * progress is asking for: (1 - 1/110)^31 = 0.75.
 */
const idsInTurn = 110;
const drawnRequests = 2_000;

const oneJob = (ids: readonly string[]) => drawn(ids.slice(0, idsInTurn), drawnRequests);
const page = (): readonly Variables[] => [{ first: 100, service: 'DATA_EXCHANGE' }];
/** For the overload rows, which take longer. */
const waybillAndYoga = ['waybill', 'yoga'];

/** In the order in which they run. Creates come last, since they push the seeded jobs off the first page. */
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
    alwaysShowsRefusals: true,
  },
  {
    number: 10,
    name: 'jobs(first: 100), 32 connections',
    operation: 'Page',
    pace: { kind: 'connections', connections: 32 },
    variables: page,
    contenders: waybillAndYoga,
    alwaysShowsRefusals: true,
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

/** The newest first; `jobs` has the oldest first. */
export function newestIds(jobs: readonly SeededJob[]): readonly string[] {
  return jobs
    .filter(({ service }) => service === 'DATA_EXCHANGE')
    .map(({ id }) => id)
    .reverse();
}
