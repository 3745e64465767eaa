/** Random lives of a few keys: creates that fail in every way, crashes, outages, sweeps; then what is left is counted. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { BackendError } from '../../../src/model/errors.ts';
import type { JobService } from '../../../src/model/job-state.ts';
import { World } from '../../support/creates/world.ts';
import { settle } from '../../support/fake-clock.ts';

/** Of the gateways, where there are several. */
const at = fc.nat(1);
const service = fc.constantFrom<JobService>('DATA_EXCHANGE', 'IMPORT_EXPORT');
const keys = ['key-1-0123456789', 'key-2-0123456789', 'key-3-0123456789'] as const;
const key = fc.constantFrom(...keys);

const createFault = fc.constantFrom(
  { reset: true },
  { reset: true, afterCommit: true },
  { status: 500 },
  { status: 500, afterCommit: true },
  { status: 503 },
  { status: 429 },
  { truncateAt: 20, afterCommit: true },
  { status: 200, body: '', afterCommit: true },
  { never: true },
  { never: true, afterCommit: true },
  { delayMs: 4_000 },
  { delayMs: 4_000, afterCommit: true },
);
/** For a crash between the sending and the reply. */
const silence = fc.constantFrom({ never: true }, { never: true, afterCommit: true });
const readFault = fc.constantFrom({ status: 500 }, { reset: true }, { status: 429 }, { truncateAt: 20 });
const reads = ['DataExchange.ListJobs', 'DataExchange.GetJob', 'ImportExport.ListJobs', 'ImportExport.GetStatus'];
const writes = ['DataExchange.StartJob', 'DataExchange.CancelJob'];

export const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      service,
      key,
      at,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('without key' as const), service, at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), service, key, at, turns: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('crash unanswered' as const), service, key, at, fault: silence }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lose' as const), service, key, at, fault: createFault }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stand still' as const),
      service,
      key,
      at,
      turns: fc.nat(20),
      ms: fc.constantFrom(1_000, 7_000, 61_000),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('fail a create' as const), service, fault: createFault }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      operation: fc.constantFrom(...reads, ...writes),
      fault: readFault,
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heal' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 7_000, 61_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), at }) },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

const createOperation = { DATA_EXCHANGE: 'DataExchange.CreateJob', IMPORT_EXPORT: 'ImportExport.CreateJob' } as const;

/** An Import/Export create is checked first. */
const sendings = { DATA_EXCHANGE: 1, IMPORT_EXPORT: 2 } as const;

interface Create {
  readonly service: JobService;
  readonly key: string;
  readonly at: number;
}

interface Attempt extends Create {
  readonly fault: Record<string, unknown>;
}

/** What each key was result, and how many creates there were. */
class Life {
  readonly world: World;
  readonly #gateways: number;
  readonly result = new Map<string, string>();
  /** Data Exchange creates without a key that may have made jobs which nothing tells from those with one. */
  lostWithoutKey = 0;
  /** Keys that were result that their job cannot be result from those. */
  readonly unknown = new Set<string>();
  creates = 0;
  crashes = 0;

  constructor(gateways: number) {
    this.#gateways = gateways;
    this.world = new World(gateways);
  }

  async do(each: Command): Promise<void> {
    const { world } = this;
    if (each.do === 'create') await this.#create(each, each.times);
    else if (each.do === 'crash') await this.#crashDuring(each);
    else if (each.do === 'crash unanswered') await this.#crashUnanswered(each);
    else if (each.do === 'lose') await this.#lose(each);
    else if (each.do === 'stand still') await this.#standStill(each);
    else if (each.do === 'fail') await world.fail(each.operation, each.fault, each.times);
    else if (each.do === 'heal') await world.heal();
    else if (each.do === 'wait') await world.clock.advance(each.ms);
    else if (each.do === 'sweep') await world.finish(world.gateway(this.#one(each)).reconciliation.sweep());
    else if (each.do === 'without key') await this.#createWithoutKey(each);
    else await this.#failCreate(each.service, each.fault);
  }

  /** The check of a manifest has no harm done to it: its own faults come before. */
  async #failCreate(of: JobService, fault: Record<string, unknown>): Promise<void> {
    const operation = createOperation[of];
    if (of === 'IMPORT_EXPORT') await this.world.fail(operation, { headers: { 'x-check': '1' } });
    await this.world.fail(operation, fault);
  }

  #one({ at }: { at: number }): number {
    return at % this.#gateways;
  }

  /** To one gateway after the other, all at once. */
  async #create({ service: of, key, at }: Create, times: number): Promise<void> {
    const attempt = Array.from({ length: times }, (_, time) => this.#ask(of, key, this.#one({ at: at + time })));
    await this.world.finish(Promise.all(attempt));
  }

  async #createWithoutKey(each: { service: JobService; at: number }): Promise<void> {
    const attempt = this.world.create(each.service, { at: this.#one(each) });
    const isLost = await this.world.finish(attempt.then(() => false, isUnknown));
    if (isLost && each.service === 'DATA_EXCHANGE') this.lostWithoutKey += 1;
  }

  async #crashDuring(each: Create & { turns: number }): Promise<void> {
    const { service: of, key, turns } = each;
    const attempt = this.#ask(of, key, this.#one(each), true);
    for (let turn = 0; turn < turns; turn += 1) await settle();
    this.world.crash(this.#one(each));
    this.crashes += 1;
    await this.world.finish(attempt);
  }

  /** Once the service has been attempt, and before it answers. */
  async #crashUnanswered(each: Attempt): Promise<void> {
    const { service: of, key, fault } = each;
    const before = await this.#sent(of);
    await this.#failCreate(of, fault);
    const attempt = this.#ask(of, key, this.#one(each), true);
    for (let turn = 0; turn < 100 && (await this.#sent(of)) < before + sendings[of]; turn += 1) await settle();
    this.world.crash(this.#one(each));
    this.crashes += 1;
    await this.world.finish(attempt);
  }

  /** Nothing can be found out at once. */
  async #lose(each: Attempt): Promise<void> {
    const { service: of, fault } = each;
    await this.#failCreate(of, fault);
    await this.world.fail(
      of === 'DATA_EXCHANGE' ? 'DataExchange.ListJobs' : 'ImportExport.ListJobs',
      { status: 500 },
      3,
    );
    await this.#create(each, 1);
  }

  /** A gateway that hears nothing for a while, during which the other is attempt the same. One that is alone crashes. */
  async #standStill(each: Create & { turns: number; ms: number }): Promise<void> {
    if (this.#gateways === 1) return this.#crashDuring(each);
    const { world } = this;
    const { service: of, key } = each;
    const link = world.link(this.#one(each));
    const attempt = this.#ask(of, key, this.#one(each));
    for (let turn = 0; turn < each.turns; turn += 1) await settle();
    link.holds = 'everything';
    await world.clock.advance(each.ms);
    await world.finish(this.#ask(of, key, this.#one({ at: each.at + 1 })));
    link.release();
    await world.finish(attempt);
  }

  async #sent(of: JobService): Promise<number> {
    return (await this.world.calls())[createOperation[of]] ?? 0;
  }

  async #ask(of: JobService, key: string, at: number, isCrashing = false): Promise<void> {
    this.creates += 1;
    try {
      const { awsJobId } = await this.world.create(of, { key, at, start: true });
      if (!isCrashing) this.note(of, key, awsJobId);
    } catch (error) {
      expectedFailure(error);
    }
  }

  note(of: JobService, key: string, awsJobId: string): void {
    const name = `${of} ${key}`;
    expect([name, awsJobId]).toEqual([name, this.result.get(name) ?? awsJobId]);
    this.result.set(name, awsJobId);
  }
}

function expectedFailure(error: unknown): void {
  if (!(error instanceof BackendError)) throw error;
}

function isUnknown(error: unknown): boolean {
  expectedFailure(error);
  return error instanceof BackendError && error.code === 'OUTCOME_UNKNOWN';
}

/** Runs `commands`, then lets everything be repaired; gives how many creates and crashes there were. */
export async function live(commands: readonly Command[], gateways = 1): Promise<{ creates: number; crashes: number }> {
  const life = new Life(gateways);
  let unkeyed = 0;
  for (const each of commands) {
    await life.do(each);
    if (each.do === 'without key') unkeyed += 1;
  }
  await repair(life);
  await assertOnce(life, unkeyed);
  return { creates: life.creates, crashes: life.crashes };
}

/** Every key is used once more, until it has an answer; then orphans go. */
async function repair(life: Life): Promise<void> {
  const { world } = life;
  await world.heal();
  for (const of of ['DATA_EXCHANGE', 'IMPORT_EXPORT'] as const) {
    for (const key of keys) {
      const name = `${of} ${key}`;
      const answered = async () => world.finish(world.create(of, { key, start: true })).catch(noteUnknown(life, name));
      let result = await answered();
      for (let attempt = 0; result === undefined && attempt < 4; attempt += 1) {
        await world.clock.advance(61_000);
        result = await answered();
      }
      if (life.lostWithoutKey === 0 || of === 'IMPORT_EXPORT') expect(life.unknown).not.toContain(name);
      expect(result !== undefined || life.unknown.has(name)).toBe(true);
      if (result !== undefined) life.note(of, key, result.awsJobId);
    }
  }
  await world.clock.advance(61_000);
  for (let sweep = 0; sweep < 3; sweep += 1) await world.finish(world.creates.reconciliation.sweep());
}

/** Says so once it is for good. */
function noteUnknown(life: Life, name: string) {
  return (error: unknown): undefined => {
    if (isUnknown(error) && error instanceof BackendError && !error.retryable) life.unknown.add(name);
  };
}

async function assertOnce({ world, result, unknown, lostWithoutKey, creates }: Life, unkeyed: number): Promise<void> {
  const { records } = world.creates;
  const unsettled = await records.list('unsettled', '', 1_000);
  const open = unsettled.filter(({ record }) => record !== 'unreadable' && record?.state === 'DISPATCHED');
  expect(open.length).toBeLessThanOrEqual(unknown.size);
  const ids = (of: JobService) => [...result].filter(([name]) => name.startsWith(of)).map(([, awsJobId]) => awsJobId);
  expect(new Set(result.values()).size).toBe(result.size);
  expect(new Set([...result.keys(), ...unknown]).size).toBe(2 * keys.length);

  const jobs = await world.dataExchangeJobs();
  const begun = jobs.filter(({ state }) => state === 'IN_PROGRESS' || state === 'COMPLETED');
  expect(begun.map(({ awsJobId }) => awsJobId).toSorted()).toEqual(ids('DATA_EXCHANGE').toSorted());
  // Those without a key wait for whoever attempt; of the others none is left without an owner, if it can be result from those.
  const others = lostWithoutKey > 0 ? creates : 0;
  expect(jobs.filter(({ state }) => state === 'WAITING').length).toBeLessThanOrEqual(unkeyed + others);

  const generators = (await world.generators()).filter((generator) => generator !== 'waybill');
  expect(new Set(generators).size).toBe(keys.length);
  expect(generators).toHaveLength(keys.length);
}
