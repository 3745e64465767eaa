/**
 * The jobs that the watchers of a soak watch: most move between two states, some move to their end and are replaced by
 * the next.
 */
import type { StateName } from '../harness/client-protocol.ts';
import type { EmulatorControl, SeededJob, Step } from '../harness/emulator-control.ts';
import { sleep } from '../harness/waiting.ts';

const slots = 100;
/** One in this many slots has jobs that end. */
const endingEvery = 20;
const importExportJobs = 10;
/** The interval of moves between two states, and the time in each state of a job that ends. */
const moveEveryMs = 500;
const stepMs = 12_000;

const endingSteps: readonly Step[] = ['IN_PROGRESS', 'COMPLETED'];

export class MovingJobs {
  /** The jobs of each slot, in order. */
  readonly slots: readonly (readonly SeededJob[])[];
  readonly #emulator: EmulatorControl;
  readonly #states = new Map<string, StateName>();
  #moves = 0;

  private constructor(emulator: EmulatorControl, jobs: readonly (readonly SeededJob[])[]) {
    this.#emulator = emulator;
    this.slots = jobs;
    for (const { id } of jobs.flat()) this.#states.set(id, 'WAITING');
  }

  /** Seeds as many ending jobs as a soak of `durationMs` needs. */
  static async seed(emulator: EmulatorControl, durationMs: number): Promise<MovingJobs> {
    const perEnding = Math.ceil(durationMs / (2 * stepMs)) + 2;
    const ending = slots / endingEvery;
    const steady = await emulator.seed({
      dataExchange: slots - ending - importExportJobs,
      importExport: importExportJobs,
    });
    const spent = await emulator.seed({ dataExchange: ending * perEnding, importExport: 0 });
    const jobs = Array.from({ length: slots }, (_, slot) => {
      const endingIndex = Math.floor(slot / endingEvery);
      return isEnding(slot)
        ? spent.slice(endingIndex * perEnding, (endingIndex + 1) * perEnding)
        : steady.slice(slot - endingIndex, slot - endingIndex + 1);
    });
    return new MovingJobs(emulator, jobs);
  }

  get ids(): readonly string[] {
    return [...this.#states.keys()];
  }

  get states(): ReadonlyMap<string, StateName> {
    return this.#states;
  }

  get moves(): number {
    return this.#moves;
  }

  async move(hasEnded: () => boolean): Promise<void> {
    await Promise.all([this.#moveBetweenStates(hasEnded), this.#moveToEnd(hasEnded)]);
  }

  async #moveBetweenStates(hasEnded: () => boolean): Promise<void> {
    const jobs = this.slots.filter((_, slot) => !isEnding(slot)).flat();
    for (let count = 0; !hasEnded(); count += 1) {
      const job = jobs[count % jobs.length];
      if (job !== undefined) await this.#put(job, this.#states.get(job.id) === 'WAITING' ? 'IN_PROGRESS' : 'WAITING');
      await sleep(moveEveryMs);
    }
  }

  /** The last job of a slot does not end, as its subscriptions would end with it. */
  async #moveToEnd(hasEnded: () => boolean): Promise<void> {
    const ending = this.slots.filter((_, slot) => isEnding(slot));
    const moves = endingSteps.length * Math.max(0, ...ending.map(({ length }) => length - 1));
    for (let count = 0; count < moves && !hasEnded(); count += 1) {
      const step = endingSteps[count % endingSteps.length] ?? 'COMPLETED';
      for (const jobs of ending) {
        const job = jobs[Math.floor(count / endingSteps.length)];
        if (job !== undefined && !hasEnded()) await this.#put(job, step);
        await sleep(stepMs / ending.length);
      }
    }
  }

  async #put(job: SeededJob, step: Step): Promise<void> {
    await this.#emulator.move(job, step);
    this.#states.set(job.id, step);
    this.#moves += 1;
  }
}

function isEnding(slot: number): boolean {
  return slot % endingEvery === endingEvery - 1;
}
