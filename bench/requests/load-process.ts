/** The program of the callers of a baseline: sends the same requests again and again, as fast as it is told. */
import { Pool } from 'undici';
import { answerTheRun } from '../harness/asked-process.ts';
import { sleep } from '../harness/waiting.ts';
import type { Call, Load, LoadCommand, LoadReport } from './load.ts';

/** Enough that a request never waits here at the rates that are asked for. */
const steadyConnections = 100;
const tickMs = 2;

class Caller {
  readonly #pool: Pool;
  readonly #calls: readonly Call[];
  readonly #tookMs: number[] = [];
  readonly #failures: Record<string, number> = {};
  readonly #startedAt = performance.now();
  #sent = 0;

  constructor({ origin, calls }: Load, connections: number) {
    this.#pool = new Pool(origin, { connections });
    this.#calls = calls;
  }

  /** Never rejects. */
  async callNext(): Promise<void> {
    const call = this.#calls[this.#sent % this.#calls.length];
    this.#sent += 1;
    if (call === undefined) return;
    const startedAt = performance.now();
    const failure = await this.#failureOf(call);
    if (failure === undefined) this.#tookMs.push(performance.now() - startedAt);
    else this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  async #failureOf(call: Call): Promise<string | undefined> {
    try {
      const response = await this.#pool.request(call);
      const text = await response.body.text();
      if (response.statusCode !== 200) return `status ${response.statusCode}`;
      return text.includes('"errors":[{') ? text.slice(0, 200) : undefined;
    } catch (error) {
      return String(error);
    }
  }

  async end(): Promise<LoadReport> {
    const durationMs = performance.now() - this.#startedAt;
    await this.#pool.close();
    return { tookMs: Float64Array.from(this.#tookMs), failures: this.#failures, durationMs };
  }
}

async function sendSteadily(load: Load, perSecond: number): Promise<LoadReport> {
  const caller = new Caller(load, steadyConnections);
  const pending = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    for (const due = ((performance.now() - startedAt) * perSecond) / 1_000; sent < due; sent += 1) {
      const calling = caller.callNext();
      pending.add(calling);
      void calling.then(() => pending.delete(calling));
    }
  }, tickMs);
  await sleep(load.durationMs);
  clearInterval(timer);
  await Promise.all(pending);
  return caller.end();
}

async function sendFlatOut(load: Load, connections: number): Promise<LoadReport> {
  const caller = new Caller(load, connections);
  const endsAt = performance.now() + load.durationMs;
  const sendOn = async (): Promise<void> => {
    while (performance.now() < endsAt) await caller.callNext();
  };
  await Promise.all(Array.from({ length: connections }, sendOn));
  return caller.end();
}

answerTheRun<LoadCommand, LoadReport>((command) =>
  command.do === 'steadily' ? sendSteadily(command, command.perSecond) : sendFlatOut(command, command.connections),
);
