/** The jobs of one service that a filter admits, from a walk that may stop early. */
import { BackendError } from '../model/errors.ts';
import type { JobService } from '../model/job-state.ts';
import type { Positions } from './job-cursor.ts';
import type { ListedJob, Listing } from './job-listing.ts';
import type { WalkedJob, WalkedRuns } from './job-walk.ts';

export class WalkedListing implements Listing {
  readonly service: JobService;
  readonly #runs: WalkedRuns;
  #run: readonly WalkedJob[] = [];
  #index = 0;
  #end: 'over' | 'paused' | undefined;
  #failure: BackendError | undefined;
  #leftOut: Positions | undefined;
  /** No job after the entries walked so far is newer. */
  #frontier = Number.POSITIVE_INFINITY;

  constructor(service: JobService, runs: WalkedRuns) {
    this.service = service;
    this.#runs = runs;
  }

  get failure(): BackendError | undefined {
    return this.#failure;
  }

  get head(): ListedJob | undefined {
    return this.#run[this.#index];
  }

  get leftOut(): Positions | undefined {
    return this.#leftOut;
  }

  get isUnfinished(): boolean {
    return this.#end !== 'over';
  }

  /** Does not walk on while the jobs of another listing are newer than all that the walk may still find. */
  needsRead(age: number): boolean {
    return this.#end === undefined && this.#mayPrecede(age);
  }

  blocks(age: number): boolean {
    return this.#end === 'paused' && this.#mayPrecede(age);
  }

  advance(): void {
    this.#leftOut = undefined;
    this.#index += 1;
    this.#leaveOut();
  }

  async read(): Promise<void> {
    this.#index = 0;
    this.#run = await this.#nextRun();
    this.#leaveOut();
  }

  #mayPrecede(age: number): boolean {
    return this.head === undefined && this.#frontier >= age;
  }

  /** Moves to the next job that is admitted. */
  #leaveOut(): void {
    for (
      let walked = this.#run[this.#index];
      walked !== undefined && !walked.isAdmitted;
      walked = this.#run[this.#index]
    ) {
      this.#leftOut = walked.positions;
      this.#index += 1;
    }
    if (this.#index < this.#run.length) return;
    for (const { age } of this.#run) this.#frontier = Math.min(this.#frontier, age);
  }

  async #nextRun(): Promise<readonly WalkedJob[]> {
    try {
      const next = await this.#runs.next();
      if (next.done !== true) return next.value;
      this.#end = next.value;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      this.#failure = error;
      this.#end = 'over';
    }
    return [];
  }
}
