/** A page of jobs with the names of their data sets, beside the same page without them: its calls, and what the names cost. */
import { countedQuery, sumOf } from '../harness/counted-query.ts';
import { compared, metric, percentile } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface Names {
  readonly jobs: number;
  readonly dataSets: number;
  /** The most calls that the names may add to a page, by the first request. */
  readonly maxCalls: number;
  readonly requests: number;
}

const pageOf = (jobs: number, selection: string): string =>
  `{ jobs(first: ${jobs}, filter: { service: DATA_EXCHANGE }) { nodes { id state ... on DataExchangeJob { details { ${selection} } } } } }`;

export async function names(testbed: Testbed, settings: Names): Promise<WorkloadResult> {
  const { emulator, server } = testbed;
  await emulator.seedWithDataSets(settings.jobs, settings.dataSets);
  const ask = async (query: string) => {
    const { text, tookMs, calls } = await countedQuery(testbed, query);
    if (text.includes('"errors"')) throw new Error(`expected a page of jobs, received ${text.slice(0, 500)}`);
    const { 'DataExchange.ListJobs': lists = 0, ...others } = calls;
    return { tookMs, lists, calls: sumOf(others), named: text.split('"name":"').length - 1 };
  };
  const withNames = pageOf(settings.jobs, 'dataSetId dataSet { name }');
  const first = await ask(withNames);
  if (first.named !== settings.jobs) throw new Error(`expected ${settings.jobs} names, received ${first.named}`);
  const bare = pageOf(settings.jobs, 'dataSetId');
  const figures = { bare: { tookMs: [] as number[], cpuMs: 0 }, named: { tookMs: [] as number[], cpuMs: 0 } };
  const measure = async (query: string, into: { readonly tookMs: number[]; cpuMs: number }): Promise<void> => {
    const cpuBefore = await server.cpuMs();
    into.tookMs.push((await ask(query)).tookMs);
    into.cpuMs += ((await server.cpuMs()) - cpuBefore) / settings.requests;
  };
  // In turn, as code gets faster while it is used.
  for (let asked = 0; asked < settings.requests; asked += 1) {
    await measure(bare, figures.bare);
    await measure(withNames, figures.named);
  }
  const medianOf = ({ tookMs }: { readonly tookMs: readonly number[] }) => percentile(tookMs, 0.5) ?? Number.NaN;
  return {
    metrics: [
      metric('lists of jobs', first.lists, '', { atMost: 1 }),
      metric('calls for the names', first.calls, '', { atMost: settings.maxCalls }),
      metric('median with names', medianOf(figures.named), 'ms'),
      metric('the same ÷ without names', medianOf(figures.named) / medianOf(figures.bare), 'x'),
      compared(metric('CPU with names', figures.named.cpuMs, 'ms'), 'less'),
      metric('the same ÷ without names', figures.named.cpuMs / figures.bare.cpuMs, 'x'),
    ],
    faults: new Map(),
  };
}
