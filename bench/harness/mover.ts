/** A job that changes all the while, and when it did. */
import type { EmulatorControl, SeededJob, Step } from './emulator-control.ts';
import { sleep } from './waiting.ts';

export interface Move {
  /** Just before the move was asked for. */
  readonly at: number;
  readonly to: Step;
}

/** Moves the job to and fro until it is stopped. */
export class Mover {
  readonly moves: Move[] = [];
  readonly #stopped: Promise<void>;
  #isStopping = false;

  constructor(emulator: EmulatorControl, job: SeededJob, everyMs: number) {
    this.#stopped = this.#run(emulator, job, everyMs);
    // Whoever awaits `stop` is told of a failure; until then nobody listens.
    this.#stopped.catch(() => {});
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#stopped;
  }

  async #run(emulator: EmulatorControl, job: SeededJob, everyMs: number): Promise<void> {
    for (let count = 0; !this.#isStopping; count += 1) {
      const to: Step = count % 2 === 0 ? 'IN_PROGRESS' : 'WAITING';
      this.moves.push({ at: await emulator.move(job, to), to });
      await sleep(everyMs);
    }
  }
}
