/**
 * Random sequences of two keys with the same input, beside strangers who create equal and nearly equal jobs: with lost
 * answers, replies that leave out and reorder, lists that lag, crashes and sweeps. The invariants are checked after
 * each step.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { attemptTimes } from '../../../src/creates/create-record.ts';
import type { DataExchangeJob } from '../../../src/model/data-exchange-job.ts';
import { BackendError } from '../../../src/model/errors.ts';
import { CreatesHarness } from '../../support/creates/creates-harness.ts';
import { type Family, families } from '../../support/creates/near-jobs.ts';
import { settle } from '../../support/fake-clock.ts';
import { isOptional, reversed, type WireJob, withDetails, without } from '../../support/reply-edits.ts';

const keys = ['key-1-0123456789', 'key-2-0123456789'] as const;
const at = fc.nat(1);

const fault = fc.constantFrom(
  { reset: true },
  { reset: true, afterCommit: true },
  { status: 500, afterCommit: true },
  { status: 429 },
  { truncateAt: 20, afterCommit: true },
  { never: true },
  { never: true, afterCommit: true },
);

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      key: fc.constantFrom(keys[0], ...keys),
      at,
      fault: fc.option(fault),
      /** Whether the list fails as well, so that the job is not found at once. */
      isBlind: fc.boolean(),
      isCrash: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('stranger' as const), which: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lag' as const), isOn: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(500, 7_000, 31_000, 90_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), at }) },
);

export const strangerScenario = fc.record({
  family: fc.constantFrom(...families),
  leavesOut: fc.constantFrom('nothing', 'in lists', 'everywhere'),
  isReversed: fc.boolean(),
  gateways: fc.constantFrom(1, 2),
  commands: fc.array(command, { minLength: 4, maxLength: 18 }),
});

type StrangerScenario = typeof strangerScenario extends fc.Arbitrary<infer L> ? L : never;
type Command = StrangerScenario['commands'][number];

/** How often the cases occurred that the property is about. */
export interface Tally {
  lost: number;
  unknown: number;
  cancelled: number;
  strangersBound: number;
}

/** Runs the scenario; throws if an invariant is broken. */
export async function runAmongStrangers(scenario: StrangerScenario, tally: Tally): Promise<void> {
  const run = new ScenarioRun(scenario);
  for (const each of scenario.commands) await run.do(each);
  await run.end();
  tally.lost += run.lost;
  tally.unknown += run.unknown.size;
  tally.cancelled += run.cancelled;
  tally.strangersBound += run.strangersBound;
}

interface Stranger {
  readonly isEqual: boolean;
}

class ScenarioRun {
  readonly #scenario: StrangerScenario;
  readonly #family: Family;
  readonly harness: CreatesHarness;
  readonly #strangers = new Map<string, Stranger>();
  /** The times of the recorded attempts. */
  readonly #attempts = new Map<string, readonly number[]>();
  #crashes = 0;
  readonly #bound = new Map<string, string>();
  /** What lists show while they lag. */
  #listed: ReadonlySet<string> | undefined;
  readonly unknown = new Set<string>();
  lost = 0;
  cancelled = 0;
  strangersBound = 0;

  constructor(scenario: StrangerScenario) {
    this.#scenario = scenario;
    this.#family = scenario.family;
    this.harness = new CreatesHarness(scenario.gateways);
    this.harness.edits = {
      job: (job, place) => this.#edited(job, place),
      isListed: (awsJobId) => this.#listed?.has(awsJobId) ?? true,
    };
  }

  async do(each: Command): Promise<void> {
    const { harness } = this;
    if (each.do === 'create') await this.#create(each);
    else if (each.do === 'stranger') await this.#makeStrangers(each.which);
    else if (each.do === 'lag') await this.#lag(each.isOn);
    else if (each.do === 'wait') await harness.clock.advance(each.ms);
    else await harness.finish(harness.gateway(this.#gateway(each.at)).reconciliation.sweep());
    await this.#check();
  }

  /** Lets lists catch up, and repeats each key until its answer is final. */
  async end(): Promise<void> {
    const { harness } = this;
    await harness.heal();
    await this.#lag(false);
    for (const key of keys) {
      for (let attempt = 0; attempt < 6 && !(await this.#isAnswered(key)); attempt += 1)
        await harness.clock.advance(7_000);
      expect([key, this.#bound.has(key) || this.unknown.has(key)]).toEqual([key, true]);
    }
    for (let sweep = 0; sweep < 3; sweep += 1) {
      await harness.clock.advance(31_000);
      await harness.finish(harness.creates.reconciliation.sweep());
      await this.#check();
    }
    // Without strangers no outcome is unknown for good.
    if (this.unknown.size > 0) expect(this.#strangers.size).toBeGreaterThan(0);
  }

  #edited(job: WireJob, place: string): WireJob {
    const { leavesOut, isReversed } = this.#scenario;
    const isShort = leavesOut === 'everywhere' || (leavesOut === 'in lists' && place === 'ListJobs');
    return withDetails(job, (details) => {
      const given = isShort ? without(details, isOptional) : details;
      return { ...((isReversed ? reversed(given) : given) as object) };
    });
  }

  #gateway(index: number): number {
    return index % this.#scenario.gateways;
  }

  async #create(each: Extract<Command, { do: 'create' }>): Promise<void> {
    const { harness } = this;
    if (each.fault !== null) await harness.fail('DataExchange.CreateJob', each.fault);
    if (each.isBlind) await harness.fail('DataExchange.ListJobs', { status: 500 }, 3);
    const gateway = this.#gateway(each.at);
    const attempt = this.#createOne(each.key, gateway);
    if (each.isCrash) {
      for (let tick = 0; tick < 30; tick += 1) await settle();
      harness.crash(gateway);
      this.#crashes += 1;
    }
    const error = await harness.finish(attempt);
    if (error?.code === 'OUTCOME_UNKNOWN') this.lost += 1;
    await harness.heal();
  }

  async #createOne(key: string, gateway = 0): Promise<BackendError | undefined> {
    try {
      await this.harness.dataExchange({ key, at: gateway, details: this.#family.request, start: true });
      return undefined;
    } catch (error) {
      if (error instanceof BackendError) return error;
      throw error;
    }
  }

  async #isAnswered(key: string): Promise<boolean> {
    const error = await this.harness.finish(this.#createOne(key));
    await this.#check();
    if (error?.code === 'OUTCOME_UNKNOWN' && !error.retryable) this.unknown.add(key);
    return error === undefined || this.unknown.has(key);
  }

  async #makeStrangers(which: number): Promise<void> {
    const near = this.#family.near[which];
    const { awsJobId } = await this.harness.strangersJob(near?.details ?? this.#family.request);
    const isHidden = near?.isOptional === true && this.#scenario.leavesOut === 'everywhere';
    this.#strangers.set(awsJobId, { isEqual: near === undefined || isHidden });
  }

  async #lag(isOn: boolean): Promise<void> {
    const jobs = await this.harness.dataExchangeJobs();
    this.#listed = isOn ? new Set(jobs.map(({ awsJobId }) => awsJobId)) : undefined;
  }

  async #check(): Promise<void> {
    const jobs = await this.harness.dataExchangeJobs();
    await this.#noteBound(jobs);
    const running = jobs.filter(({ state }) => state === 'IN_PROGRESS' || state === 'COMPLETED');
    const bound = new Set(this.#bound.values());
    expect(running.filter(({ awsJobId }) => !bound.has(awsJobId))).toEqual([]);
    const cancelled = jobs.filter(({ state }) => state === 'CANCELLED');
    expect(cancelled.filter(({ awsJobId }) => bound.has(awsJobId))).toEqual([]);
    expect(cancelled.filter((job) => this.#strangers.has(job.awsJobId) && !this.#looksOurs(job))).toEqual([]);
    this.cancelled = cancelled.length;
    const spare = keys.map((key) => Math.max(0, (this.harness.sent.get(key) ?? 0) - 1));
    expect(this.cancelled).toBeLessThanOrEqual(spare.reduce((sum, each) => sum + each, 0));
  }

  /**
   * Each key keeps its job. It is a stranger's only if the two cannot be distinguished, and there are no more jobs than
   * attempts.
   */
  async #noteBound(jobs: readonly DataExchangeJob[]): Promise<void> {
    const before = new Map(this.#bound);
    for (const key of keys) {
      const record = await this.harness.recordOf(key);
      const attempts = record === undefined ? [] : attemptTimes(record);
      this.#attempts.set(key, attempts);
      // A crash may come between recording and sending an attempt.
      expect(attempts.length).toBeLessThanOrEqual((this.harness.sent.get(key) ?? 0) + this.#crashes);
      const awsJobId = record?.awsJobId;
      if (awsJobId === undefined) continue;
      expect([key, awsJobId]).toEqual([key, this.#bound.get(key) ?? awsJobId]);
      this.#bound.set(key, awsJobId);
      if (!before.has(key) && this.#strangers.has(awsJobId))
        this.#assertIndistinguishable({ key, awsJobId }, jobs, before);
    }
    expect(new Set(this.#bound.values()).size).toBe(this.#bound.size);
  }

  #assertIndistinguishable(
    { key, awsJobId }: { key: string; awsJobId: string },
    jobs: readonly DataExchangeJob[],
    before: ReadonlyMap<string, string>,
  ): void {
    this.strangersBound += 1;
    expect([awsJobId, this.#strangers.get(awsJobId)?.isEqual]).toEqual([awsJobId, true]);
    const spare = keys.map((each) => this.#sentAt(each).length - (before.has(each) ? 1 : 0));
    const attempts = spare.reduce((sum, each) => sum + each, 0);
    const own = new Set(before.values());
    const alike = jobs.filter(
      (job) =>
        !own.has(job.awsJobId) &&
        (this.#listed?.has(job.awsJobId) ?? true) &&
        this.#sentAt(key).some((at) => isAround(job.createdAt.getTime(), at)) &&
        (this.#strangers.get(job.awsJobId)?.isEqual ?? true),
    );
    expect(alike.length).toBeLessThanOrEqual(attempts);
  }

  /**
   * Whether the job is equal and was created within seconds of an attempt: if that attempt made no job, the two cannot
   * be distinguished.
   */
  #looksOurs({ awsJobId, createdAt }: DataExchangeJob): boolean {
    const isEqual = this.#strangers.get(awsJobId)?.isEqual === true;
    const sent = keys.flatMap((key) => this.#sentAt(key));
    return isEqual && sent.some((at) => Math.abs(createdAt.getTime() - at) <= 6_000);
  }

  #sentAt(key: string): readonly number[] {
    return this.#attempts.get(key) ?? [];
  }
}

/** Whether a search certainly counts a job of this time as one of the attempt, whatever the clocks. */
function isAround(createdAt: number, sentAt: number): boolean {
  return createdAt > sentAt - 55_000 && createdAt < sentAt + 60_000;
}
