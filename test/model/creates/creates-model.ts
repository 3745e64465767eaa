/**
 * Random sequences of creates with a few keys: failures of every kind, crashes, outages and sweeps; then the jobs are
 * counted.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { CreateTarget } from '../../../src/creates/create-record.ts';
import { BackendError } from '../../../src/model/errors.ts';
import { UnconfirmedWriteError } from '../../../src/store/store.ts';
import { CreatesHarness, replacedDevice, replacedText } from '../../support/creates/creates-harness.ts';
import { manifests } from '../../support/examples.ts';
import { settle } from '../../support/fake-clock.ts';

/** The index of the gateway, if there are several. */
const at = fc.nat(1);
const targets = ['DATA_EXCHANGE', 'IMPORT_EXPORT', 'DATA_SET', 'REVISION'] as const satisfies readonly CreateTarget[];
const service = fc.constantFrom<CreateTarget>(...targets);
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
/** For a crash between sending and reply. */
const silence = fc.constantFrom({ never: true }, { never: true, afterCommit: true });
const readFault = fc.constantFrom({ status: 500 }, { reset: true }, { status: 429 }, { truncateAt: 20 });
const reads = [
  ...['DataExchange.ListJobs', 'DataExchange.GetJob', 'ImportExport.ListJobs', 'ImportExport.GetStatus'],
  ...['DataExchange.ListDataSets', 'DataExchange.GetDataSet'],
  ...['DataExchange.ListDataSetRevisions', 'DataExchange.GetRevision'],
];
const writes = ['DataExchange.StartJob', 'DataExchange.CancelJob'];

export const command = fc.oneof(
  {
    weight: 11,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      service,
      key,
      at,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('without key' as const), service, at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), service, key, at, ticks: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('crash unanswered' as const), service, key, at, fault: silence }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lose' as const), service, key, at, fault: createFault }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('suspend' as const),
      service,
      key,
      at,
      ticks: fc.nat(20),
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
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse tags' as const),
      of: fc.constantFrom('DATA_SET' as const, 'REVISION' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replace manifests' as const), isText: fc.boolean(), at }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      step: fc.constantFrom('cutReplicaOff' as const, 'reconnectReplica' as const, 'failOver' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail over' as const),
      service,
      key,
      at,
      ticks: fc.nat(40),
      isAnswered: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('heal' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 7_000, 61_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sweep' as const), at }) },
);

export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Manifests that replace those of jobs with a key. */
const replacement = {
  importToS3: { ...manifests.importToS3.importToS3, deviceId: replacedDevice, eraseDevice: false },
};
const replacementText = { text: { direction: 'IMPORT', text: replacedText } } as const;

const createOperation = {
  DATA_EXCHANGE: 'DataExchange.CreateJob',
  IMPORT_EXPORT: 'ImportExport.CreateJob',
  DATA_SET: 'DataExchange.CreateDataSet',
  REVISION: 'DataExchange.CreateRevision',
} as const;

const listOperation = {
  DATA_EXCHANGE: 'DataExchange.ListJobs',
  IMPORT_EXPORT: 'ImportExport.ListJobs',
  DATA_SET: 'DataExchange.ListDataSets',
  REVISION: 'DataExchange.ListDataSetRevisions',
} as const;

/** An Import/Export create is checked first. */
const sendings = { DATA_EXCHANGE: 1, IMPORT_EXPORT: 2, DATA_SET: 1, REVISION: 1 } as const;

interface Create {
  readonly service: CreateTarget;
  readonly key: string;
  readonly at: number;
}

interface Attempt extends Create {
  readonly fault: Record<string, unknown>;
}

/** The job of each key, and the number of creates. */
class CreateRun {
  readonly harness: CreatesHarness;
  readonly #gateways: number;
  readonly results = new Map<string, string>();
  /** Number of lost Data Exchange creates without a key, whose jobs may look like those with a key. */
  lostWithoutKey = 0;
  /** What an account has refused to tag, so that a lost one stays unknown for good. */
  readonly untagged = new Set<CreateTarget>();
  /** Number of creates without a key. */
  readonly withoutKey = new Map<CreateTarget, number>();
  /** Keys whose outcome is unknown for good, because their jobs look like those. */
  readonly unknown = new Set<string>();
  creates = 0;
  crashes = 0;

  constructor(gateways: number) {
    this.#gateways = gateways;
    this.harness = new CreatesHarness(gateways);
  }

  async do(each: Command): Promise<void> {
    const { harness } = this;
    if (each.do === 'create') await this.#create(each, each.times);
    else if (each.do === 'crash') await this.#crashDuring(each);
    else if (each.do === 'crash unanswered') await this.#crashUnanswered(each);
    else if (each.do === 'lose') await this.#lose(each);
    else if (each.do === 'suspend') await this.#suspend(each);
    else if (each.do === 'fail') await harness.fail(each.operation, each.fault, each.times);
    else if (each.do === 'store') harness.store[each.step]();
    else if (each.do === 'fail over') await this.#failOver(each);
    else if (each.do === 'heal') await harness.heal();
    else if (each.do === 'wait') await harness.clock.advance(each.ms);
    else if (each.do === 'sweep') await this.#sweep(each);
    else if (each.do === 'without key') await this.#createWithoutKey(each);
    else if (each.do === 'replace manifests') await this.#replaceManifests(each);
    else if (each.do === 'refuse tags') await this.#refuseTags(each.of, each.times);
    else await this.#failCreate(each.service, each.fault);
  }

  /** The check of a manifest does not fail: a harmless fault comes first. */
  async #failCreate(of: CreateTarget, fault: Record<string, unknown>): Promise<void> {
    const operation = createOperation[of];
    if (of === 'IMPORT_EXPORT') await this.harness.fail(operation, { headers: { 'x-check': '1' } });
    await this.harness.fail(operation, fault);
  }

  /** A later one repeats what the store has not confirmed. */
  async #sweep(each: { at: number }): Promise<void> {
    const sweep = this.harness.gateway(this.#one(each)).reconciliation.sweep();
    const isUnconfirmed = (error: unknown): void => void expect(error).toBeInstanceOf(UnconfirmedWriteError);
    await this.harness.finish(sweep.catch(isUnconfirmed));
  }

  /** As a user does who finds the jobs in the list. What cannot be read or updated stays. */
  async #replaceManifests(each: { isText: boolean; at: number }): Promise<void> {
    const { harness } = this;
    const manifest = each.isText ? replacementText : replacement;
    const seen = await harness.keyedParcels().catch((error: unknown) => {
      expectedFailure(error);
      return [];
    });
    for (const awsJobId of seen) {
      await harness.finish(harness.updateManifest(awsJobId, manifest, this.#one(each))).catch(expectedFailure);
    }
  }

  async #refuseTags(of: 'DATA_SET' | 'REVISION', times: number): Promise<void> {
    this.untagged.add(of);
    await this.harness.fail(createOperation[of], { status: 403, onlyTagged: true }, times);
  }

  #one({ at }: { at: number }): number {
    return at % this.#gateways;
  }

  /** Sends the create to all gateways in turn, at once. */
  async #create({ service: of, key, at }: Create, times: number): Promise<void> {
    const attempt = Array.from({ length: times }, (_, time) => this.#createOne(of, key, this.#one({ at: at + time })));
    await this.harness.finish(Promise.all(attempt));
  }

  async #createWithoutKey(each: { service: CreateTarget; at: number }): Promise<void> {
    this.withoutKey.set(each.service, (this.withoutKey.get(each.service) ?? 0) + 1);
    const attempt = this.harness.create(each.service, { at: this.#one(each) });
    const isLost = await this.harness.finish(attempt.then(() => false, isUnknown));
    if (isLost && each.service === 'DATA_EXCHANGE') this.lostWithoutKey += 1;
  }

  async #crashDuring(each: Create & { ticks: number }): Promise<void> {
    const { service: of, key, ticks } = each;
    const attempt = this.#createOne(of, key, this.#one(each), true);
    for (let tick = 0; tick < ticks; tick += 1) await settle();
    this.harness.crash(this.#one(each));
    this.crashes += 1;
    await this.harness.finish(attempt);
  }

  /** The replica is cut off in the midst of a create, and takes the place of the primary soon, or once it is answered. */
  async #failOver(each: Create & { ticks: number; isAnswered: boolean }): Promise<void> {
    const { harness } = this;
    const { service: of, key, ticks, isAnswered } = each;
    const attempt = this.#createOne(of, key, this.#one(each));
    for (let tick = 0; tick < ticks; tick += 1) await settle();
    harness.store.cutReplicaOff();
    for (let tick = 0; tick < ticks / 2; tick += 1) await settle();
    if (isAnswered) await harness.finish(attempt);
    harness.store.failOver();
    await harness.finish(attempt);
  }

  /** Crashes after the service has received the request, and before it answers. */
  async #crashUnanswered(each: Attempt): Promise<void> {
    const { service: of, key, fault } = each;
    const before = await this.#sent(of);
    await this.#failCreate(of, fault);
    const attempt = this.#createOne(of, key, this.#one(each), true);
    for (let tick = 0; tick < 100 && (await this.#sent(of)) < before + sendings[of]; tick += 1) await settle();
    this.harness.crash(this.#one(each));
    this.crashes += 1;
    await this.harness.finish(attempt);
  }

  /** The job cannot be found at once. */
  async #lose(each: Attempt): Promise<void> {
    const { service: of, fault } = each;
    await this.#failCreate(of, fault);
    await this.harness.fail(listOperation[of], { status: 500 }, 3);
    await this.#create(each, 1);
  }

  /** Suspends a gateway while the other receives the same create. A single gateway crashes. */
  async #suspend(each: Create & { ticks: number; ms: number }): Promise<void> {
    if (this.#gateways === 1) return this.#crashDuring(each);
    const { harness } = this;
    const { service: of, key } = each;
    const link = harness.link(this.#one(each));
    const attempt = this.#createOne(of, key, this.#one(each));
    for (let tick = 0; tick < each.ticks; tick += 1) await settle();
    link.holds = 'everything';
    await harness.clock.advance(each.ms);
    await harness.finish(this.#createOne(of, key, this.#one({ at: each.at + 1 })));
    link.release();
    await harness.finish(attempt);
  }

  async #sent(of: CreateTarget): Promise<number> {
    return (await this.harness.calls())[createOperation[of]] ?? 0;
  }

  async #createOne(of: CreateTarget, key: string, at: number, isCrashing = false): Promise<void> {
    this.creates += 1;
    try {
      const { awsJobId } = await this.harness.create(of, { key, at, start: true });
      if (!isCrashing) this.note(of, key, awsJobId);
    } catch (error) {
      expectedFailure(error);
    }
  }

  note(of: CreateTarget, key: string, awsJobId: string): void {
    const name = `${of} ${key}`;
    expect([name, awsJobId]).toEqual([name, this.results.get(name) ?? awsJobId]);
    this.results.set(name, awsJobId);
  }
}

function expectedFailure(error: unknown): void {
  if (!(error instanceof BackendError)) throw error;
}

function isUnknown(error: unknown): boolean {
  expectedFailure(error);
  return error instanceof BackendError && error.code === 'OUTCOME_UNKNOWN';
}

/** Runs `commands`, then repairs everything; returns the numbers of creates and crashes. */
export async function runCommands(
  commands: readonly Command[],
  gateways = 1,
): Promise<{ creates: number; crashes: number }> {
  const run = new CreateRun(gateways);
  for (const each of commands) await run.do(each);
  await repair(run);
  await assertOnce(run);
  return { creates: run.creates, crashes: run.crashes };
}

/** Repeats every key until it has an answer; then sweeps cancel superfluous jobs. */
async function repair(run: CreateRun): Promise<void> {
  const { harness } = run;
  harness.store.reconnectReplica();
  await harness.heal();
  for (const of of targets) {
    for (const key of keys) {
      const name = `${of} ${key}`;
      const answered = async () =>
        harness.finish(harness.create(of, { key, start: true })).catch(noteUnknown(run, name));
      let result = await answered();
      for (let attempt = 0; result === undefined && attempt < 4; attempt += 1) {
        await harness.clock.advance(61_000);
        result = await answered();
      }
      const mayStayUnknown = run.untagged.has(of) || (of === 'DATA_EXCHANGE' && run.lostWithoutKey > 0);
      if (!mayStayUnknown) expect(run.unknown).not.toContain(name);
      expect(result !== undefined || run.unknown.has(name)).toBe(true);
      if (result !== undefined) run.note(of, key, result.awsJobId);
    }
  }
  await harness.clock.advance(61_000);
  for (let sweep = 0; sweep < 3; sweep += 1) await harness.finish(harness.creates.reconciliation.sweep());
}

/** Notes the key if its outcome is unknown for good. */
function noteUnknown(run: CreateRun, name: string) {
  return (error: unknown): undefined => {
    if (isUnknown(error) && error instanceof BackendError && !error.retryable) run.unknown.add(name);
  };
}

async function assertOnce(run: CreateRun): Promise<void> {
  const { harness, results, unknown, lostWithoutKey, creates } = run;
  const withoutKey = (target: CreateTarget) => run.withoutKey.get(target) ?? 0;
  const { records } = harness.creates;
  const unsettled = await records.list('unsettled', '', 1_000);
  const open = unsettled.filter(({ record }) => record !== 'unreadable' && record?.state === 'DISPATCHED');
  expect(open.length).toBeLessThanOrEqual(unknown.size);
  const ids = (of: CreateTarget) =>
    [...results].filter(([name]) => name.startsWith(of)).map(([, awsJobId]) => awsJobId);
  expect(new Set(results.values()).size).toBe(results.size);
  expect(new Set([...results.keys(), ...unknown]).size).toBe(targets.length * keys.length);

  const jobs = await harness.dataExchangeJobs();
  const begun = jobs.filter(({ state }) => state === 'IN_PROGRESS' || state === 'COMPLETED');
  expect(begun.map(({ awsJobId }) => awsJobId).toSorted()).toEqual(ids('DATA_EXCHANGE').toSorted());
  // Jobs without a key wait for their callers. No other job is left waiting, unless it looks like a lost one without a
  // key.
  const others = lostWithoutKey > 0 ? creates : 0;
  expect(jobs.filter(({ state }) => state === 'WAITING').length).toBeLessThanOrEqual(
    withoutKey('DATA_EXCHANGE') + others,
  );

  const generators = (await harness.generators()).filter((generator) => generator.startsWith('waybill/'));
  expect(new Set(generators).size).toBe(generators.length);
  expect((await harness.keyedParcels()).toSorted()).toEqual(ids('IMPORT_EXPORT').toSorted());

  for (const target of ['DATA_SET', 'REVISION'] as const) {
    const [tags, made] = [await harness.tags(target), await harness.madeIds(target)];
    expect(new Set(tags).size).toBe(tags.length);
    expect(made).toEqual(expect.arrayContaining(ids(target)));
    expect(made.length).toBeLessThanOrEqual(keys.length + withoutKey(target));
    if (!run.untagged.has(target)) expect(tags).toHaveLength(keys.length);
  }
}
