/** Jobs watched at one gateway and then at two over one Redis: whether the number of calls stays the same. */
import { Clients } from '../harness/clients.ts';
import { type Metric, metric } from '../harness/metrics.ts';
import type { Server, StartServer } from '../harness/servers.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import type { Testbed } from '../harness/testbed.ts';
import { counted, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';

export interface TwoGateways {
  readonly dataExchange: number;
  readonly importExport: number;
  /** The sockets of each gateway, with one subscription to every job in all. */
  readonly sockets: number;
  /** The period in which calls are counted. */
  readonly countMs: number;
  readonly limitMs: number;
}

/** `startAnother` starts a second gateway over the Redis of the first. */
export async function twoGateways(
  testbed: Testbed,
  options: TwoGateways,
  startAnother: StartServer,
): Promise<WorkloadResult> {
  const { emulator, emulatorServer, server, clients, polling } = testbed;
  const jobs = await emulator.seed(options);
  const others = new Clients(1);
  let another: Server | undefined;
  const watchAll = async (who: Clients, { url }: Server): Promise<boolean> => {
    await who.setJobs(jobs.map(({ id }) => id));
    await who.connect(url, options.sockets);
    await who.subscribe(watchDocument, planned(options.sockets, jobs.length / options.sockets, jobs));
    const events = async (): Promise<number> => (await who.status()).events;
    const hasAllEvents = await counted(events, jobs.length, { limitMs: options.limitMs, stallMs: 20_000 });
    // The first polls after the connects are not quiet yet.
    await sleep(3 * polling.intervalMs);
    return hasAllEvents;
  };
  try {
    const watched = [await watchAll(clients, server)];
    const alone = await callsAMinute(testbed, options);
    another = await startAnother(emulatorServer.url, polling);
    watched.push(await watchAll(others, another));
    const together = await callsAMinute(testbed, options);
    another.assertAlive();
    const faults = new Map([...(await clients.status()).faults, ...(await others.status()).faults]);
    const unwatched = watched.filter((isWatched) => !isWatched).length;
    return {
      faults,
      metrics: [
        metric('gateways whose readers were not all told', unwatched, '', { atMost: 0 }),
        ...metricsOf(alone, together),
      ],
    };
  } finally {
    others.stop();
    await another?.stop();
  }
}

interface Calls {
  readonly dataExchange: number;
  readonly importExport: number;
}

function metricsOf(alone: Calls, together: Calls): readonly Metric[] {
  const total = ({ dataExchange, importExport }: Calls): number => dataExchange + importExport;
  return [
    metric('calls to Data Exchange a minute, one gateway', alone.dataExchange, ''),
    metric('calls to Data Exchange a minute, two', together.dataExchange, ''),
    metric('calls to Import/Export a minute, one gateway', alone.importExport, ''),
    metric('calls to Import/Export a minute, two', together.importExport, ''),
    metric('calls of two gateways over those of one', total(together) / total(alone), '×', { atMost: 1.05 }),
  ];
}

async function callsAMinute({ emulator }: Testbed, { countMs }: TwoGateways): Promise<Calls> {
  await emulator.forgetRequests();
  const startedAt = performance.now();
  await sleep(countMs);
  const counts = Object.entries(await emulator.requests());
  const minutes = (performance.now() - startedAt) / 60_000;
  const callsTo = (service: string): number =>
    counts.filter(([name]) => name.startsWith(service)).reduce((sum, [, count]) => sum + count, 0) / minutes;
  return { dataExchange: callsTo('DataExchange.'), importExport: callsTo('ImportExport.') };
}
