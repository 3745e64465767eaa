/** Starts the servers of a run as processes: the emulator, the gateway, the peer. All their settings are here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Memory, ProbeRequest, Vitals } from './probe.ts';

const bench = join(import.meta.dirname, '..');
/** The built program. */
export const waybill = join(bench, '..', '..', 'dist', 'main.js');
const readyWaitMs = 30_000;

/** The example pair of AWS's documentation, the only one that the emulator accepts. */
export const credentials = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

export interface Polling {
  readonly intervalMs: number;
  /** The budget of calls to each service. */
  readonly callsPerSecond: number;
}

export type StartServer = (emulatorUrl: string, polling: Polling) => Promise<Server>;

export function startEmulator(): Promise<Server> {
  return Server.start([waybill, 'emulator'], { EMULATOR_PORT: '0' });
}

/** Raises the gateway's default limits of sockets and subscriptions per caller. `dataFolder` is its data folder. */
export function gatewayEnvironment(emulatorUrl: string, { intervalMs, callsPerSecond }: Polling, dataFolder: string) {
  return {
    ...credentials,
    PORT: '0',
    WAYBILL_BACKEND: 'aws',
    AWS_ENDPOINT_URL: emulatorUrl,
    WAYBILL_POLL_MIN_MS: String(intervalMs),
    WAYBILL_POLL_MAX_MS: String(intervalMs),
    WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: String(callsPerSecond),
    WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: String(callsPerSecond),
    WAYBILL_DATA_DIR: dataFolder,
    // Events wide enough to fill a connection exceed a default limit.
    WAYBILL_MAX_ALIASES: '50',
  };
}

/** Starts with an empty data folder, which is removed afterwards. */
export const startGateway: StartServer = (emulatorUrl, polling) => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
  const clear = (): void => rmSync(dataFolder, { recursive: true, force: true });
  return Server.start([waybill], gatewayEnvironment(emulatorUrl, polling, dataFolder), clear);
};

export const startPollingYoga: StartServer = (emulatorUrl, { intervalMs }) =>
  Server.start([join(bench, 'peers', 'polling-yoga.js')], {
    ...credentials,
    PORT: '0',
    AWS_ENDPOINT_URL: emulatorUrl,
    POLL_MS: String(intervalMs),
  });

export const startBareYoga: StartServer = (emulatorUrl) =>
  Server.start([join(bench, 'peers', 'bare-yoga.js')], { ...credentials, PORT: '0', AWS_ENDPOINT_URL: emulatorUrl });

/** The log lines of operations, and of left-out lines. */
const expectedLine = /^\{"level":"(?:info"|warn","msg":"log",)/;

export class Server {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #complaints: string[];
  /** Set once it is stopped on purpose, which is then no failure. */
  #isEnding = false;

  private constructor(url: string, process: ChildProcess, complaints: string[]) {
    this.url = url;
    this.#process = process;
    this.#complaints = complaints;
  }

  /** Resolves once the server prints its URL. Its environment is `env`, and of this process's only `PATH`. */
  static async start(
    script: readonly string[],
    env: Readonly<Record<string, string>>,
    onEnd: () => void = () => {},
  ): Promise<Server> {
    const probe = join(import.meta.dirname, 'probe.js');
    const child = spawn(process.execPath, ['--expose-gc', '--import', probe, ...script], {
      env: { PATH: process.env['PATH'] ?? '', AWS_EC2_METADATA_DISABLED: 'true', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.once('exit', onEnd);
    const complaints: string[] = [];
    collectComplaints(child, complaints);
    return new Server(await listeningUrl(child, complaints), child, complaints);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Its lines on stderr, except those about its normal work. */
  get complaints(): readonly string[] {
    return this.#complaints;
  }

  /** Throws if the process has ended by itself. */
  assertAlive(): void {
    const { exitCode, signalCode } = this.#process;
    if (this.#isEnding || (exitCode === null && signalCode === null)) return;
    throw new Error(`${this.url} has ended with ${exitCode ?? signalCode}: ${this.#complaints.slice(-5).join(' | ')}`);
  }

  /** The CPU time of the process since its start, of all threads; without a collection. */
  async cpuMs(): Promise<number> {
    return (await this.#ask({ ask: 'cpu' })) as number;
  }

  /** After a full garbage collection. */
  async memory(): Promise<Memory> {
    return (await this.#ask({ ask: 'memory' })) as Memory;
  }

  /** After a full garbage collection. */
  async vitals(): Promise<Vitals> {
    return (await this.#ask({ ask: 'vitals' })) as Vitals;
  }

  /** Open descriptors by the kernel's count; 0 without `/proc`. */
  descriptors(): number {
    const folder = `/proc/${this.#process.pid}/fd`;
    return existsSync(folder) ? readdirSync(folder).length : 0;
  }

  /** By the kernel's count, without a request to the process; 0 without `/proc`. */
  rssBytes(): number {
    const file = `/proc/${this.#process.pid}/status`;
    const [, kilobytes = '0'] = existsSync(file) ? (/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8')) ?? []) : [];
    return Number(kilobytes) * 1_024;
  }

  async writeHeapSnapshot(file: string): Promise<void> {
    await this.#ask({ ask: 'snapshot', file });
  }

  /** Sends SIGTERM; undefined if it has not exited within `limitMs`. */
  async terminate(limitMs: number): Promise<{ readonly code: number | null; readonly tookMs: number } | undefined> {
    this.#isEnding = true;
    const startedAt = performance.now();
    const ended = once(this.#process, 'exit', { signal: AbortSignal.timeout(limitMs) });
    this.#process.kill('SIGTERM');
    try {
      const [code] = await ended;
      return { code, tookMs: performance.now() - startedAt };
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  async #ask(request: ProbeRequest): Promise<unknown> {
    this.assertAlive();
    const over = new AbortController();
    const answered = once(this.#process, 'message', over);
    answered.catch(() => {});
    const ended = once(this.#process, 'exit', over).then(() => this.assertAlive());
    ended.catch(() => {});
    this.#process.send(request);
    try {
      const answer = await Promise.race([answered, ended]);
      return answer?.[0];
    } finally {
      // A run of hours must not leave a listener for each request.
      over.abort();
    }
  }
}

/** Reads all output, as a process whose output nobody reads blocks at the next line. */
function collectComplaints({ stderr }: ChildProcess, complaints: string[]): void {
  if (stderr === null) throw new Error('expected a server with an output, received none');
  createInterface({ input: stderr }).on('line', (line) => {
    if (complaints.length < 1_000 && !expectedLine.test(line)) complaints.push(line);
  });
}

async function listeningUrl(child: ChildProcess, complaints: readonly string[]): Promise<string> {
  if (child.stdout === null) throw new Error('expected a server with an output, received none');
  const lines = createInterface({ input: child.stdout });
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWaitMs);
  try {
    for await (const line of lines) {
      const [, url] = /listening on\s+(http:\S+)/.exec(line) ?? [];
      if (url !== undefined) return url;
    }
  } finally {
    clearTimeout(timer);
    child.stdout.resume();
  }
  throw new Error(`expected a server that listens, received its end: ${complaints.join(' | ')}`);
}
