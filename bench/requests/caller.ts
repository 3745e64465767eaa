/**
 * Sends any calls in turn, those of peers too, and times the responses. It reads every form that a server may answer in, at
 * a cost that rarely limits a run. `harness/impatient-callers.ts` is lighter, and only for answers of the gateway;
 * `harness/operations.ts` keeps the code and the time of each answer.
 */
import { type Dispatcher, Pool } from 'undici';
import { type Call, type Load, type LoadReport, uniqueMark } from './load.ts';

/** Unique for each request of the process. */
let uniqueNumber = 0;

export class Caller {
  readonly #pool: Pool;
  readonly #calls: readonly Call[];
  readonly #tookMs: number[] = [];
  readonly #failures: Record<string, number> = {};
  readonly #startedAt = performance.now();
  readonly #cpuBefore = process.cpuUsage();
  #sent = 0;

  /** With `connections` null it opens a connection whenever none is free. */
  constructor({ origin, calls }: Load, connections: number | null) {
    this.#pool = new Pool(origin, { connections });
    this.#calls = calls;
  }

  /** Never rejects. */
  async callNext(): Promise<void> {
    const call = this.#calls[this.#sent % this.#calls.length];
    this.#sent += 1;
    if (call === undefined) return;
    const startedAt = performance.now();
    const failure = await this.#failureOf(distinct(call));
    if (failure === undefined) this.#tookMs.push(performance.now() - startedAt);
    else this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  /** Fails the pending requests now. */
  async giveUp(): Promise<void> {
    await this.#pool.destroy();
  }

  async end(): Promise<LoadReport> {
    const durationMs = performance.now() - this.#startedAt;
    const { user, system } = process.cpuUsage(this.#cpuBefore);
    if (!this.#pool.destroyed) await this.#pool.close();
    const tookMs = Float64Array.from(this.#tookMs);
    return { tookMs, failures: this.#failures, durationMs, cpuMs: (user + system) / 1_000 };
  }

  #failureOf(call: Call): Promise<string | undefined> {
    return new Promise((resolve) => this.#pool.dispatch(call, new ResponseHandler(resolve)));
  }
}

function distinct(call: Call): Call {
  if (call.body?.includes(uniqueMark) !== true) return call;
  uniqueNumber += 1;
  return { ...call, body: call.body.replaceAll(uniqueMark, String(uniqueNumber)) };
}

/** Receives a response as raw bytes: streams and strings would cost as much as the sending. */
class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #settle: (failure: string | undefined) => void;
  readonly #chunks: Buffer[] = [];
  #status = 0;

  constructor(settle: (failure: string | undefined) => void) {
    this.#settle = settle;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#settle(this.#failure());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(String(error));
  }

  #failure(): string | undefined {
    if (this.#status !== 200) return `status ${this.#status}`;
    const [first = Buffer.alloc(0), ...rest] = this.#chunks;
    const body = rest.length === 0 ? first : Buffer.concat(this.#chunks);
    return body.includes('"errors":[{') ? body.toString().slice(0, 200) : undefined;
  }
}
