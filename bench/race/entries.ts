/** The entries of a row: contenders whose answers are right, and the reason for each that is left out. */
import type { Server } from '../harness/servers.ts';
import { serviceCalls } from '../requests/calls.ts';
import { assertAgreement, factsOf } from './agreement.ts';
import { type Contender, callsTo, contenders } from './contenders.ts';
import type { Round, Target } from './measuring.ts';
import type { RaceTestbed } from './race-testbed.ts';
import { newestIds, type Row } from './rows.ts';

const serviceItself = 'the service itself';

export interface Entry {
  readonly name: string;
  readonly isPeer: boolean;
  target: Target | { readonly absence: string } | { readonly failure: string };
  readonly rounds: Round[];
  tookMs: number;
}

/** Checks once, before anything is measured, that each contender answers as Waybill does. */
export async function entriesOf(
  testbed: RaceTestbed,
  row: Row,
  wanted: readonly Contender[],
): Promise<readonly Entry[]> {
  const variables = row.variables(newestIds(testbed.jobs));
  const [waybill] = contenders;
  const reference = waybill && (await answerOf(waybill, serverOf(testbed, waybill), row, variables));
  if (reference === undefined) throw new Error('expected Waybill to answer, received nothing');
  const entries: Entry[] = [];
  for (const contender of wanted) {
    const entry = { name: contender.name, isPeer: contender.isPeer, rounds: [], tookMs: 0 };
    try {
      const server = serverOf(testbed, contender);
      const answer = await answerOf(contender, server, row, variables);
      if (answer !== undefined) assertAgreement(reference.facts, answer.facts, contender.otherFields);
      const target = answer === undefined ? { absence: 'it has no such field' } : { server, calls: answer.calls };
      entries.push({ ...entry, target });
    } catch (error) {
      entries.push({ ...entry, target: { failure: messageOf(error) } });
    }
  }
  return row.isBesideService === true ? [await serviceEntry(testbed), ...entries] : entries;
}

async function answerOf(contender: Contender, server: Server, row: Row, variables: ReturnType<Row['variables']>) {
  const calls = callsTo(contender, server.url, row.operation, variables);
  const [first] = calls ?? [];
  if (calls === undefined || first === undefined) return undefined;
  return { calls, facts: await factsOf(row.operation, new URL(server.url).origin, first) };
}

function serverOf({ servers }: RaceTestbed, { name }: Contender): Server {
  const server = servers.get(name);
  if (server instanceof Error) throw server;
  if (server === undefined) throw new Error(`expected ${name} to have been started, received nothing`);
  return server;
}

async function serviceEntry({ shared, jobs }: RaceTestbed): Promise<Entry> {
  const dataExchangeJobs = jobs.filter(({ service }) => service === 'DATA_EXCHANGE');
  const server = shared.emulatorServer;
  const calls = await serviceCalls(server.url, dataExchangeJobs);
  return { name: serviceItself, isPeer: false, target: { server, calls }, rounds: [], tookMs: 0 };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
