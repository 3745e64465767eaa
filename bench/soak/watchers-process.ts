/** The program of the watchers of a soak: sockets are cut and reconnect, subscriptions are completed and renewed. */
import { serveCommands } from '../harness/worker-process.ts';
import { type Chain, type ChainsVerdict, verdictOn } from './chains.ts';
import { pick } from './request-mix.ts';
import { WatcherSocket } from './watcher-socket.ts';

export type WatchersCommand =
  /** `sockets`: for each socket its subscriptions, and for each of those the jobs that it watches in turn. */
  | { readonly do: 'connect'; readonly url: string; readonly sockets: readonly (readonly (readonly string[])[])[] }
  | { readonly do: 'churn'; readonly isOn: boolean }
  | { readonly do: 'status' }
  | { readonly do: 'judge'; readonly finals: ReadonlyMap<string, string> }
  | { readonly do: 'expectEnd' };

export interface WatchersReport {
  /** Subscriptions with their first event. */
  readonly started: number;
  readonly cuts: number;
  readonly changes: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly verdict?: ChainsVerdict;
}

const cutEveryMs = 1_000;
const changeEveryMs = 500;
const maxAwayMs = 3_000;
const connectsAtOnce = 10;

const chains: Chain[] = [];
const faults = new Map<string, number>();
let sockets: readonly WatcherSocket[] = [];
let timers: readonly NodeJS.Timeout[] = [];
let cuts = 0;
let changes = 0;

async function handle(command: WatchersCommand): Promise<WatchersReport> {
  if (command.do === 'connect') await connect(command.url, command.sockets);
  else if (command.do === 'churn') churn(command.isOn);
  else if (command.do === 'expectEnd') for (const socket of sockets) socket.expectEnd();
  const started = chains.filter(({ events }) => events.length > 0).length;
  const report = { started, cuts, changes, faults };
  return command.do === 'judge' ? { ...report, verdict: verdictOn(chains, command.finals) } : report;
}

async function connect(url: string, plan: readonly (readonly (readonly string[])[])[]): Promise<void> {
  const hooks = {
    onChain: (chain: Chain) => void chains.push(chain),
    onFault: (text: string) => void faults.set(text, (faults.get(text) ?? 0) + 1),
  };
  sockets = plan.map((jobs) => new WatcherSocket(url, jobs, hooks));
  for (const [index, socket] of sockets.entries()) {
    socket.connect();
    if (index % connectsAtOnce === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function churn(isOn: boolean): void {
  for (const timer of timers) clearInterval(timer);
  timers = isOn ? [setInterval(cut, cutEveryMs), setInterval(change, changeEveryMs)] : [];
}

function cut(): void {
  cuts += 1;
  pick(sockets)?.cut(cuts % 2 === 0, Math.random() * maxAwayMs);
}

function change(): void {
  changes += 1;
  pick(sockets)?.change();
}

serveCommands(handle);
