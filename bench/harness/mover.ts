/** Moves a job all the time and records when. */
import type { EmulatorControl, SeededJob, Step } from './emulator-control.ts';
import { sleep } from './waiting.ts';

export interface Move {
  /** The instant before the move. */
  readonly at: number;
  readonly to: Step;
}

/** Moves the job between two states until it is stopped. */
export class Mover {
  readonly moves: Move[] = [];
  readonly #stopped: Promise<void>;
  #isStopping = false;

  constructor(emulator: EmulatorControl, job: SeededJob, everyMs: number) {
    this.#stopped = this.#run(emulator, job, everyMs);
    // `stop` rejects with a failure; until then nobody handles it.
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
