/** Starts a federated graph: Waybill, the tickets of another team, and Hive Gateway as the router of both. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { builtProgram } from '../../support/built-program.ts';
import { startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { listening } from './listening.ts';
import { startTicketsSubgraph, ticketsText } from './tickets-subgraph.ts';

export interface FederatedGraph {
  /** The URL of the router. */
  readonly url: string;
  readonly waybillUrl: string;
  readonly emulator: EmulatorControl;
  readonly close: () => Promise<void>;
}

/** What `waybill schema --federation` prints. */
export async function printedSubgraph(): Promise<string> {
  const program = join(await builtProgram(), 'main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'schema', '--federation']);
  return stdout;
}

/** Closed by the caller. `env` are settings of Waybill. */
export async function startFederatedGraph(env: Readonly<Record<string, string>> = {}): Promise<FederatedGraph> {
  const settings = { WAYBILL_FEDERATION: 'on', WAYBILL_POLL_MIN_MS: '20', WAYBILL_POLL_MAX_MS: '100' };
  const waybill = await startChildGateway({ ...settings, ...env }, { endsWithTest: false });
  const tickets = await startTicketsSubgraph();
  const router = createGatewayRuntime({
    supergraph: composed(
      { name: 'waybill', url: waybill.url, text: await printedSubgraph() },
      { name: 'tickets', url: tickets.url, text: ticketsText },
    ),
    // Hive sends subscriptions by GET unless it is told otherwise.
    transportEntries: { waybill: { options: { method: 'POST' } } },
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
    },
    maskedErrors: false,
    logging: false,
  });
  const { url, close } = await listening(createServer(router));
  return {
    url,
    waybillUrl: waybill.url,
    emulator: new EmulatorControl(waybill.emulatorUrl),
    close: async () => {
      await close();
      await router[Symbol.asyncDispose]();
      await tickets.close();
      await waybill.die();
    },
  };
}

export interface Subgraph {
  readonly name: string;
  readonly url: string;
  readonly text: string;
}

/** The text of the graph that these make. Throws if they do not compose. */
export function composed(...subgraphs: readonly Subgraph[]): string {
  const services = subgraphs.map(({ name, url, text }) => ({ name, url, typeDefs: parse(text) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined)
    throw new Error(`expected subgraphs that compose, received ${errors?.map(({ message }) => message).join(' ')}`);
  return supergraphSdl;
}
