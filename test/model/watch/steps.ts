/**
 * The random steps of jobs, services and readers, and the property that readers receive correct events whatever
 * happens.
 */
import fc from 'fast-check';
import type { JobRef, JobState } from '../../../src/model/job-state.ts';
import type { Trouble } from './services.ts';
import { World } from './world.ts';

/** The first four exist from the beginning. */
const refs: readonly JobRef[] = [
  { service: 'DATA_EXCHANGE', awsJobId: 'a' },
  { service: 'DATA_EXCHANGE', awsJobId: 'b' },
  { service: 'DATA_EXCHANGE', awsJobId: 'c' },
  { service: 'IMPORT_EXPORT', awsJobId: 'I' },
  { service: 'DATA_EXCHANGE', awsJobId: 'd' },
  { service: 'DATA_EXCHANGE', awsJobId: 'e' },
  { service: 'IMPORT_EXPORT', awsJobId: 'J' },
];

type Model = Record<string, never>;

/** A named step. */
class Step implements fc.AsyncCommand<Model, World, true> {
  readonly #name: string;
  readonly #act: (world: World) => Promise<void> | void;

  constructor(name: string, act: (world: World) => Promise<void> | void) {
    this.#name = name;
    this.#act = act;
  }

  readonly check = async (): Promise<boolean> => true;

  async run(_model: Model, world: World): Promise<void> {
    await this.#act(world);
    await world.clock.advance(0);
    world.check();
  }

  toString(): string {
    return this.#name;
  }
}

const job = fc.constantFrom(...refs);
const state = fc.constantFrom<JobState>('WAITING', 'IN_PROGRESS', 'IN_PROGRESS', 'UNKNOWN', 'COMPLETED', 'CANCELLED');
const trouble = fc.constantFrom<Trouble>('none', 'none', 'down', 'throttled', 'held off', 'lists denied');
const service = fc.constantFrom('DATA_EXCHANGE' as const, 'IMPORT_EXPORT' as const);
const reader = fc.nat({ max: 7 });
const index = fc.nat({ max: 5 });
const isLate = fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0);
const atOnce = fc.constant(false);

const changes = fc.tuple(job, state, fc.boolean()).map(
  ([ref, to, isNoticed]) =>
    new Step(`${ref.awsJobId} becomes ${to}${isNoticed ? ', by a mutation' : ''}`, (world) => {
      world.services.set(ref, to);
      if (isNoticed) world.noteMutation(ref);
    }),
);
/**
 * Only forward: what a list shows of another step is not recorded before a read confirms it, as lists may lag, and a
 * reader of that list is told of the job's next change only.
 */
const advances = fc
  .tuple(job, state)
  .map(([ref, to]) => new Step(`${ref.awsJobId} advances to ${to}`, (world) => world.advanceJob(ref, to)));
const vanishes = job.map((ref) => new Step(`${ref.awsJobId} vanishes`, (world) => world.services.forget(ref)));
const troubles = fc
  .tuple(service, trouble)
  .map(([name, what]) => new Step(`${name}: ${what}`, (world) => world.setTrouble(name, what)));
const lags = fc.boolean().map((isLagging) => new Step(`lists lag: ${isLagging}`, (world) => world.setLag(isLagging)));
const slows = fc.constantFrom(0, 0, 300, 1_500).map(
  (ms) =>
    new Step(`calls take ${ms} ms`, (world) => {
      world.setLatency(ms);
    }),
);
const passes = fc
  .constantFrom(1, 100, 500, 1_400, 3_000, 10_000, 60_000)
  .map((ms) => new Step(`${ms} ms pass`, (world) => world.clock.advance(ms)));
const joins = (when: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
  fc
    .tuple(fc.subarray([...refs], { minLength: 1 }), when)
    .map(
      ([jobs, late]) =>
        new Step(`watch ${namesOf(jobs)}${late ? ', later' : ''}`, (world) => world.watchJobs(jobs, late)),
    );
const activities = fc
  .tuple(fc.option(service, { nil: undefined }), isLate)
  .map(
    ([name, late]) =>
      new Step(`watch ${name ?? 'all'}${late ? ', later' : ''}`, (world) => world.watchActivity(name, late)),
  );
const leaves = reader.map((index) => new Step(`${index} leaves`, (world) => world.leave(index)));
const pauses = reader.map((index) => new Step(`${index} stops reading`, (world) => world.pause(index)));
const resumes = reader.map((index) => new Step(`${index} reads`, (world) => world.resume(index)));
const returns = (when: fc.Arbitrary<boolean>): fc.Arbitrary<Step> =>
  fc
    .tuple(reader, index, when, fc.oneof(fc.constant([]), fc.subarray([...refs])))
    .map(
      ([index, at, late, toggled]) =>
        new Step(`${index} returns from ${at}${toggling(toggled)}${late ? ', later' : ''}`, (world) =>
          world.reconnect(index, at, late, toggled),
        ),
    );

function toggling(jobs: readonly JobRef[]): string {
  return jobs.length === 0 ? '' : `, toggling ${namesOf(jobs)}`;
}

function namesOf(jobs: readonly JobRef[]): string {
  return jobs.map(({ awsJobId }) => awsJobId).join('');
}

/** Readers watch named jobs and begin to read at once. */
export const plainSteps = [
  changes,
  changes,
  passes,
  passes,
  joins(atOnce),
  returns(atOnce),
  vanishes,
  troubles,
  slows,
  leaves,
  pauses,
  resumes,
];

/** In addition: readers watch activity, and lists lag behind single reads. */
export const promptSteps = [...plainSteps, activities, lags];

/** In addition: some readers begin to read later. */
export const allSteps = [...promptSteps, joins(isLate), returns(isLate)];

const lists = fc.constant(new Step('list', (world) => world.list()));
const follows = fc
  .tuple(index, fc.option(service, { nil: undefined }), isLate)
  .map(
    ([at, name, late]) =>
      new Step(`watch ${name ?? 'all'} from list ${at}${late ? ', later' : ''}`, (world) =>
        world.watchFromList(at, name, late),
      ),
  );

/** Jobs go forward, and readers list them, and watch activity from then on, or from now on. */
export const listSteps = [
  ...plainSteps.map((step) => (step === changes ? advances : step)),
  advances,
  lists,
  lists,
  follows,
  follows,
  activities,
];

const leads = fc.constant(new Step('the other leads', (world) => world.changeLeader()));
const aways = fc.boolean().map((isAway) => new Step(`the store is away: ${isAway}`, (world) => world.setAway(isAway)));
const appends = fc
  .constantFrom(0, 0, 5, 200, 1_500)
  .map((ms) => new Step(`appends take ${ms} ms`, (world) => world.setAppendTime(ms)));

const losses = fc.boolean().map(
  (losesNotices) =>
    new Step(`notices get lost: ${losesNotices}`, (world) => {
      world.setLossOfNotices(losesNotices);
    }),
);

const ofCluster = [leads, leads, aways, appends, losses];

/** In addition: there are two gateways that share a store. */
export const clusterSteps = [...allSteps, ...ofCluster];

export const listClusterSteps = [...listSteps, ...ofCluster];

/** The property, for a log that retains `retained` transitions, with one gateway or two that share it. */
export function watcherProperty(kinds: fc.Arbitrary<Step>[], retained: number, isCluster = false) {
  return fc.asyncProperty(
    fc.commands<Model, World, true>(kinds, { maxCommands: 40, size: 'medium' }),
    async (commands) => {
      const world = new World(retained, isCluster);
      for (const ref of refs.slice(0, 4)) world.services.set(ref, 'WAITING');
      await world.clock.advance(5_000);
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await world.end();
    },
  );
}
