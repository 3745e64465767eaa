/**
 * Where the log goes: stderr, what is urgent at once, so that the last words of a process are not lost.
 *
 * Ours because sonic-boom (4.2.1, which pino brings) waits for a reader that has stopped: written synchronously, it held the process for
 * more than 8 s, and so did its `flushSync` at the end of one that wrote asynchronously (measured with Node 20.20.2).
 */
import { writevSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';

/** What a reader that is slow has not taken yet, in bytes. */
const maxWaitingBytes = 1_000_000;

const retryMs = 20;

/** Lines that are not urgent are written with those that follow so soon: each write wakes the reader. */
const gatheringMs = 20;

/** The system takes no more than 1,024 (`IOV_MAX`). */
const maxLinesAtOnce = 500;

/** At the end of the process a reader that is slow is waited for so long. */
const lastWaitMs = 200;

interface Waiting {
  /** What of it is still to be written. */
  bytes: Buffer;
  isBegun: boolean;
  /** How many lines are lost with it. */
  readonly lines: number;
}

/**
 * Where stderr takes nothing, for a full disk, a closed pipe or a reader that has stopped, lines are lost and nothing else is; how
 * many is told as soon as it can be.
 */
export class StderrLines {
  readonly #schedule: Clock['schedule'];
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #lost = 0;
  /** Whether the last line was written in part. */
  #isTorn = false;
  #cancelFlush = (): void => {};

  constructor({ schedule }: Pick<Clock, 'schedule'>) {
    this.#schedule = schedule;
    // Whoever starts a process gives it a pipe on which a write waits for the reader, and all else with it. Opening the stream, Node
    // makes it one that refuses instead.
    void process.stderr;
    process.once('exit', this.#flushLast);
  }

  /** Takes one line, its end included. */
  readonly write = (line: string, isUrgent: boolean): void => {
    if (this.#waitingBytes > maxWaitingBytes) {
      this.#lost += 1;
      return;
    }
    const notice = this.#lost === 0 ? '' : `{"level":"warn","msg":"log","linesLost":${this.#lost}}\n`;
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${notice}${line}`);
    this.#waiting.push({ bytes, isBegun: false, lines: this.#lost + 1 });
    this.#waitingBytes += bytes.length;
    this.#lost = 0;
    this.#isTorn = false;
    if (isUrgent) this.#flush();
    else if (this.#waiting.length === 1) this.#cancelFlush = this.#schedule(this.#flush, gatheringMs);
  };

  readonly #flush = (): void => {
    this.#cancelFlush();
    try {
      while (this.#waiting.length > 0) this.#writeSome();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#cancelFlush = this.#schedule(this.#flush, retryMs);
      else this.#giveUp();
    }
  };

  readonly #flushLast = (): void => {
    this.#flush();
    for (let waitedMs = 0; this.#waiting.length > 0 && waitedMs < lastWaitMs; waitedMs += retryMs) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs);
      this.#flush();
    }
  };

  #writeSome(): void {
    const lines = this.#waiting.slice(0, maxLinesAtOnce);
    let written = writevSync(
      2,
      lines.map(({ bytes }) => bytes),
    );
    this.#waitingBytes -= written;
    let whole = 0;
    for (const line of lines) {
      const taken = Math.min(written, line.bytes.length);
      line.bytes = line.bytes.subarray(taken);
      written -= taken;
      if (line.bytes.length === 0) whole += 1;
      else line.isBegun ||= taken > 0;
    }
    this.#waiting.splice(0, whole);
  }

  #giveUp(): void {
    this.#isTorn = this.#waiting[0]?.isBegun ?? false;
    this.#lost = this.#waiting.reduce((sum, { lines }) => sum + lines, this.#lost);
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }
}
