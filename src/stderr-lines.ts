/** Where the log goes: stderr, line by line and at once, so that the last words of a process are not lost. */
import { writeSync } from 'node:fs';
import type { Clock } from './clock.ts';

/** What a reader that is slow has not taken yet, in bytes. */
const maxWaitingBytes = 1_000_000;

const retryMs = 20;

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
  #cancelRetry = (): void => {};

  constructor({ schedule }: Pick<Clock, 'schedule'>) {
    this.#schedule = schedule;
    // Whoever starts a process gives it a pipe on which a write waits for the reader, and all else with it. Opening the stream, Node
    // makes it one that refuses instead.
    void process.stderr;
    process.once('exit', this.#flushLast);
  }

  /** Takes one line, its end included. */
  readonly write = (line: string): void => {
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
    if (this.#waiting.length === 1) this.#flush();
  };

  readonly #flush = (): void => {
    this.#cancelRetry();
    try {
      for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) this.#writeSome(first);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') this.#cancelRetry = this.#schedule(this.#flush, retryMs);
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

  #writeSome(line: Waiting): void {
    const written = writeSync(2, line.bytes);
    line.bytes = line.bytes.subarray(written);
    line.isBegun = true;
    this.#waitingBytes -= written;
    if (line.bytes.length === 0) this.#waiting.shift();
  }

  #giveUp(): void {
    this.#isTorn = this.#waiting[0]?.isBegun ?? false;
    this.#lost = this.#waiting.reduce((sum, { lines }) => sum + lines, this.#lost);
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }
}
