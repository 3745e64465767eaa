/** Jobs that are watched at one gateway and then at two over one Redis: whether the services are called as often. */
import { Clients } from '../harness/clients.ts';
import { type Metric, metric } from '../harness/metrics.ts';
import type { Server, StartServer } from '../harness/servers.ts';
import { planned, watchDocument } from '../harness/subscription-plan.ts';
import { counted, sleep } from '../harness/waiting.ts';
import type { WorkloadResult } from '../harness/workload.ts';
import type { World } from '../harness/world.ts';

export interface TwoGateways {
  readonly dataExchange: number;
  readonly importExport: number;
  /** Of each gateway; each has one subscription to every job. */
  readonly sockets: number;
  /** How long calls are counted. */
  readonly countMs: number;
  readonly limitMs: number;
}

/** `startAnother` starts a second gateway over the Redis of the first. */
export async function twoGateways(
  world: World,
  options: TwoGateways,
  startAnother: StartServer,
): Promise<WorkloadResult> {
  const { emulator, emulatorServer, server, clients, polling } = world;
  const jobs = await emulator.seed(options);
  const others = new Clients(1);
  let another: Server | undefined;
  const watchAll = async (who: Clients, { url }: Server): Promise<boolean> => {
    await who.know(jobs.map(({ id }) => id));
    await who.connect(url, options.sockets);
    await who.subscribe(watchDocument, planned(options.sockets, jobs.length / options.sockets, jobs));
    const events = async (): Promise<number> => (await who.status()).events;
    const isTold = await counted(events, jobs.length, { limitMs: options.limitMs, stallMs: 20_000 });
    // The first round of polls after the rush is not yet a quiet one.
    await sleep(3 * polling.intervalMs);
    return isTold;
  };
  try {
    const watched = [await watchAll(clients, server)];
    const alone = await callsAMinute(world, options);
    another = await startAnother(emulatorServer.url, polling);
    watched.push(await watchAll(others, another));
    const together = await callsAMinute(world, options);
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

async function callsAMinute({ emulator }: World, { countMs }: TwoGateways): Promise<Calls> {
  await emulator.forgetRequests();
  const startedAt = performance.now();
  await sleep(countMs);
  const counts = Object.entries(await emulator.requests());
  const minutes = (performance.now() - startedAt) / 60_000;
  const callsTo = (service: string): number =>
    counts.filter(([name]) => name.startsWith(service)).reduce((sum, [, count]) => sum + count, 0) / minutes;
  return { dataExchange: callsTo('DataExchange.'), importExport: callsTo('ImportExport.') };
}
