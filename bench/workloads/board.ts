/** "Only the running jobs" among hundreds of both services: its calls, with a log that knows none of them and one that does. */
import { countedQuery, sumOf } from '../harness/counted-query.ts';
import { compared, metric, percentile } from '../harness/metrics.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface Board {
  readonly dataExchange: number;
  readonly importExport: number;
  /** How many requests are made once the log knows which jobs have finished. */
  readonly requests: number;
}

/** One in so many jobs of each service runs; all others have finished. */
const perRunning = 20;

const query =
  '{ jobs(first: 50, filter: { states: [IN_PROGRESS] }) { nodes { id state } pageInfo { hasNextPage } unavailableServices { code } } }';

export async function board(testbed: Testbed, settings: Board): Promise<WorkloadResult> {
  const { emulator, server } = testbed;
  const jobs = await emulator.seed(settings);
  const running = jobs.filter((_, index) => index % perRunning === 0);
  for (const job of jobs) await emulator.move(job, running.includes(job) ? 'IN_PROGRESS' : 'COMPLETED');
  const ask = async () => {
    const { text, tookMs, calls } = await countedQuery(testbed, query);
    const isWhole = text.split('"id"').length - 1 === running.length && text.includes('"hasNextPage":false');
    if (!isWhole) throw new Error(`expected ${running.length} jobs on one page, received ${text}`);
    const { 'ImportExport.GetStatus': reads = 0, ...lists } = calls;
    return { tookMs, reads, lists: sumOf(lists) };
  };
  const cold = await ask();
  const warm = [];
  const cpuBefore = await server.cpuMs();
  for (let asked = 0; asked < settings.requests; asked += 1) warm.push(await ask());
  const cpuMs = ((await server.cpuMs()) - cpuBefore) / settings.requests;
  const unfinished = running.filter(({ service }) => service === 'IMPORT_EXPORT').length;
  const reads = warm.map((each) => each.reads);
  const lists = [cold, ...warm].map((each) => each.lists);
  return {
    metrics: [
      metric('lists of a request, most', percentile(lists, 1), '', { atMost: 2 }),
      metric('reads of the first request', cold.reads, '', { atMost: settings.importExport }),
      metric('reads of a later one, most', percentile(reads, 1), '', { atMost: unfinished }),
      metric('the first request', cold.tookMs, 'ms'),
      metric(
        'a later one, median',
        percentile(
          warm.map(({ tookMs }) => tookMs),
          0.5,
        ),
        'ms',
      ),
      compared(metric('CPU of a later one', cpuMs, 'ms'), 'less'),
    ],
    faults: new Map(),
  };
}
