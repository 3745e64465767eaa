/** The jobs that the watchers of a soak watch, and how they move: most to and fro, some to their end, after which comes the next. */
import type { StateName } from '../harness/client-protocol.ts';
import type { EmulatorControl, SeededJob, Step } from '../harness/emulator-control.ts';
import { sleep } from '../harness/waiting.ts';

const slots = 100;
/** One slot in so many has jobs that end. */
const endingEvery = 20;
const importExportJobs = 10;
/** How often some job of those that go to and fro moves, and how long one that ends stays in each state. */
const moveEveryMs = 500;
const stepMs = 12_000;

const courses: readonly Step[] = ['IN_PROGRESS', 'COMPLETED'];

export class MovingJobs {
  /** For each slot its jobs, one after the other. */
  readonly slots: readonly (readonly SeededJob[])[];
  readonly #emulator: EmulatorControl;
  readonly #states = new Map<string, StateName>();
  #moves = 0;

  private constructor(emulator: EmulatorControl, jobs: readonly (readonly SeededJob[])[]) {
    this.#emulator = emulator;
    this.slots = jobs;
    for (const { id } of jobs.flat()) this.#states.set(id, 'WAITING');
  }

  /** As many jobs that end as a soak of `durationMs` can use. */
  static async seed(emulator: EmulatorControl, durationMs: number): Promise<MovingJobs> {
    const perEnding = Math.ceil(durationMs / (2 * stepMs)) + 2;
    const ending = slots / endingEvery;
    const steady = await emulator.seed({
      dataExchange: slots - ending - importExportJobs,
      importExport: importExportJobs,
    });
    const spent = await emulator.seed({ dataExchange: ending * perEnding, importExport: 0 });
    const jobs = Array.from({ length: slots }, (_, slot) => {
      const place = Math.floor(slot / endingEvery);
      return isEnding(slot)
        ? spent.slice(place * perEnding, (place + 1) * perEnding)
        : steady.slice(slot - place, slot - place + 1);
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

  async move(isOver: () => boolean): Promise<void> {
    await Promise.all([this.#moveToAndFro(isOver), this.#moveToTheEnd(isOver)]);
  }

  async #moveToAndFro(isOver: () => boolean): Promise<void> {
    const jobs = this.slots.filter((_, slot) => !isEnding(slot)).flat();
    for (let count = 0; !isOver(); count += 1) {
      const job = jobs[count % jobs.length];
      if (job !== undefined) await this.#put(job, this.#states.get(job.id) === 'WAITING' ? 'IN_PROGRESS' : 'WAITING');
      await sleep(moveEveryMs);
    }
  }

  /** The last job of a slot stays, or its subscriptions would end with it. */
  async #moveToTheEnd(isOver: () => boolean): Promise<void> {
    const ending = this.slots.filter((_, slot) => isEnding(slot));
    const moves = courses.length * Math.max(0, ...ending.map(({ length }) => length - 1));
    for (let count = 0; count < moves && !isOver(); count += 1) {
      const step = courses[count % courses.length] ?? 'COMPLETED';
      for (const jobs of ending) {
        const job = jobs[Math.floor(count / courses.length)];
        if (job !== undefined && !isOver()) await this.#put(job, step);
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
