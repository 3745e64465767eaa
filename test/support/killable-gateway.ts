/** The gateway as a process of its own, which can be killed, over an emulator in this one, which outlives it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createEmulator } from '../../src/backends/emulator/index.ts';
import { serveEmulator } from '../../src/backends/emulator/server.ts';
import { systemClock } from '../../src/server.ts';
import { type Answer, ask, EmulatorControl } from './gateway.ts';

const root = join(import.meta.dirname, '../..');

export interface Build {
  readonly main: string;
  readonly remove: () => void;
}

/** Compiles the gateway to a folder that only the tests know. */
export function buildGateway(): Build {
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'waybill-'));
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const built = spawnSync(tsc, ['--project', 'tsconfig.build.json', '--outDir', folder], { cwd: root });
  if (built.status !== 0) throw new Error(`expected the gateway to compile, received ${built.stdout}`);
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return { main: join(folder, 'main.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Its jobs stand still unless a test moves them, or says how long each state lasts. */
export async function startEmulator(stepMs = 3_600_000): Promise<EmulatorControl> {
  const origin = () => `http://127.0.0.1:${listener.port}`;
  const emulator = createEmulator({ clock: systemClock, wallClock: Date.now, stepMs, origin });
  const listener = await serveEmulator(emulator, 0);
  onTestFinished(() => listener.close());
  return new EmulatorControl(origin());
}

export class ChildGateway {
  readonly #child: ChildProcess;
  #output = '';
  url = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += chunk;
      });
    }
  }

  /** Begins it and waits until it listens, or has ended. */
  static async start(main: string, emulator: EmulatorControl, dataDir: string): Promise<ChildGateway> {
    const env = {
      PORT: '0',
      WAYBILL_BACKEND: 'aws',
      WAYBILL_DATA_DIR: dataDir,
      WAYBILL_POLL_MIN_MS: '20',
      WAYBILL_POLL_MAX_MS: '100',
      AWS_ENDPOINT_URL: emulator.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    };
    const gateway = new ChildGateway(spawn(process.execPath, [main], { env }));
    onTestFinished(() => gateway.kill());
    while (!gateway.#isListening() && gateway.#child.exitCode === null) {
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    return gateway;
  }

  get output(): string {
    return this.#output;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  ask(query: string, variables?: Record<string, unknown>): Promise<Answer> {
    return ask(this.url, query, variables);
  }

  /** Without a word of warning. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** As a service manager does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }

  #isListening(): boolean {
    this.url = /listening on +(\S+)/.exec(this.#output)?.[1] ?? '';
    return this.url !== '';
  }
}
