/**
 * Writes the log to stderr: urgent lines at once, so that the last lines of a process are not lost.
 *
 * It is our own because sonic-boom (4.2.1, which pino uses) blocks on a reader that has stopped: with synchronous
 * writes it blocked the process for more than 8 s, and so did its `flushSync` at the exit of an asynchronous one
 * (measured with Node 20.20.2).
 */
import { writevSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';

/** Max bytes that wait for a slow reader. */
const maxQueuedBytes = 1_000_000;

const retryMs = 20;

/** Lines that are not urgent are written together with those of the next 20 ms, since each write wakes the reader. */
const batchMs = 20;

/** The system accepts at most 1,024 (`IOV_MAX`). */
const maxBatch = 500;

/** The exit of the process waits this long for a slow reader. */
const lastWaitMs = 200;

interface QueuedLine {
  /** The bytes that are still to be written. */
  bytes: Buffer;
  hasBegun: boolean;
  /** The number of lines that are lost with it. */
  readonly lines: number;
}

/**
 * If stderr accepts nothing, because of a full disk, a closed pipe or a reader that has stopped, lines are lost but
 * nothing else happens. The next line that can be written reports their number.
 */
export class StderrLines {
  readonly #schedule: Clock['schedule'];
  readonly #queue: QueuedLine[] = [];
  #queuedBytes = 0;
  #lost = 0;
  /** Whether the last line was written only in part. */
  #endsPartially = false;
  #cancelFlush = (): void => {};

  constructor({ schedule }: Pick<Clock, 'schedule'>) {
    this.#schedule = schedule;
    // The parent of a process usually gives it a pipe on which a write blocks until the reader reads. When Node opens
    // the stream it makes the pipe non-blocking.
    void process.stderr;
    process.once('exit', this.#flushLast);
  }

  /** Writes one line with its line end. */
  readonly write = (line: string, isUrgent: boolean): void => {
    if (this.#queuedBytes > maxQueuedBytes) {
      this.#lost += 1;
      return;
    }
    const notice = this.#lost === 0 ? '' : `{"level":"warn","msg":"log","linesLost":${this.#lost}}\n`;
    const bytes = Buffer.from(`${this.#endsPartially ? '\n' : ''}${notice}${line}`);
    this.#queue.push({ bytes, hasBegun: false, lines: this.#lost + 1 });
    this.#queuedBytes += bytes.length;
    this.#lost = 0;
    this.#endsPartially = false;
    if (isUrgent) this.#flush();
    else if (this.#queue.length === 1) this.#cancelFlush = this.#schedule(this.#flush, batchMs);
  };

  readonly #flush = (): void => {
    this.#cancelFlush();
    try {
      while (this.#queue.length > 0) this.#writeSome();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#cancelFlush = this.#schedule(this.#flush, retryMs);
      else this.#discardQueue();
    }
  };

  readonly #flushLast = (): void => {
    this.#flush();
    for (let waitedMs = 0; this.#queue.length > 0 && waitedMs < lastWaitMs; waitedMs += retryMs) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      this.#flush();
    }
  };

  #writeSome(): void {
    const lines = this.#queue.slice(0, maxBatch);
    let written = writevSync(
      2,
      lines.map(({ bytes }) => bytes),
    );
    this.#queuedBytes -= written;
    let whole = 0;
    for (const line of lines) {
      const taken = Math.min(written, line.bytes.length);
      line.bytes = line.bytes.subarray(taken);
      written -= taken;
      if (line.bytes.length === 0) whole += 1;
      else line.hasBegun ||= taken > 0;
    }
    this.#queue.splice(0, whole);
  }

  #discardQueue(): void {
    this.#endsPartially = this.#queue[0]?.hasBegun ?? false;
    this.#lost = this.#queue.reduce((sum, { lines }) => sum + lines, this.#lost);
    this.#queue.length = 0;
    this.#queuedBytes = 0;
  }
}
