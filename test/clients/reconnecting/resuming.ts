/** The property of every reader: whatever becomes of networks and gateways, it sees what the gateway logged. */
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, onTestFinished, vi } from 'vitest';
import { type Field, stepsOf } from './events.ts';
import { libraries } from './libraries.ts';
import { Reader } from './readers.ts';
import { jobsOfScript, play, type Step, scripts } from './scripts.ts';
import { type Ask, askOf, type World } from './worlds.ts';

/** Set for the long form. Each takes a quarter of a minute, or half a minute where a killed gateway held a lease. */
const numRuns = Number(process.env['WAYBILL_CLIENT_RUNS'] ?? 1);

export const resumingTimeoutMs = 60_000 + numRuns * 90_000;

const fields = ['jobStateChanged', 'jobActivity'] as const;

/** Throws unless all libraries see each logged change once, in order, over random scripts. */
export async function assertResuming(world: World): Promise<void> {
  // The waits between attempts are a tenth as long.
  const { random } = Math;
  vi.spyOn(Math, 'random').mockImplementation(() => random() / 10);
  onTestFinished(() => void vi.restoreAllMocks());
  const property = fc.asyncProperty(scripts(libraries.length * fields.length), (script) => compare(world, script));
  await fc.assert(property, { numRuns, endOnFailure: true });
}

async function compare(world: World, script: readonly Step[]): Promise<void> {
  const { emulator, port } = world;
  const ask = askOf(world);
  const { dataExchange: awsJobIds } = await emulator.seed({ dataExchange: jobsOfScript });
  const ids = awsJobIds.map((awsJobId) => Buffer.from(`DataExchangeJob:${awsJobId}`).toString('base64url'));
  // The list shows all of them, so that whatever is observed next is a change.
  const { jobs } = (await ask('{ jobs(first: 200) { activityCursor nodes { id state } } }')) as {
    jobs: { activityCursor: string };
  };
  const variables = { jobStateChanged: { ids }, jobActivity: { after: jobs.activityCursor } };
  const readers = await Promise.all(
    libraries.flatMap((library) => fields.map((field) => Reader.open(library, field, port, variables[field]))),
  );
  try {
    await sleep(script[0]?.waitMs);
    const networks = readers.map(({ proxy }) => proxy);
    await play(script, world, awsJobIds, networks);
    for (const reader of readers) reader.heal();
    for (const awsJobId of awsJobIds) await emulator.move(awsJobId, { state: 'COMPLETED' });
    const unfinished = () => readers.filter((reader) => !hasEnded(reader, ids)).map(({ name }) => name);
    await expect.poll(unfinished, { timeout: 40_000, interval: 50 }).toEqual([]);
    const log = await logOf(ask, ids);
    for (const reader of readers) check(reader, ids, log);
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

/** Whether the last step of each job has come. `jobStateChanged` completes then. */
function hasEnded({ events, field, isComplete }: Reader, ids: readonly string[]): boolean {
  const isLast = (id: string): boolean => stepsOf(events, id).at(-1)?.endsWith('-> COMPLETED') === true;
  return ids.every(isLast) && (field === 'jobActivity' || isComplete);
}

async function logOf(ask: Ask, ids: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { nodes } = (await ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { history(first: 200) { nodes { previousState state } } } } }',
    { ids },
  )) as { nodes: { history: { nodes: { previousState: string | null; state: string }[] } }[] };
  return nodes.map(({ history }) =>
    history.nodes.map(({ previousState, state }) => `${previousState} -> ${state}`).toReversed(),
  );
}

/** What a reader must have seen of a job, given the number of steps that it saw. */
function expectedSteps(field: Field, count: number, log: readonly string[]): readonly string[] {
  // The list, from whose cursor a reader of all jobs goes on, has shown the job already.
  if (field === 'jobActivity') return log.filter((step) => !step.startsWith('null'));
  // Named jobs begin with their state at the moment when the first connection succeeds.
  const [first = '', ...others] = log.slice(-count);
  return [first.replace(/.* ->/, 'null ->'), ...others];
}

function check(reader: Reader, ids: readonly string[], log: readonly (readonly string[])[]): void {
  const { errors, events, field, hasMissed, name } = reader;
  const seen = ids.map((id) =>
    stepsOf(events, id).filter((step) => field !== 'jobActivity' || !step.startsWith('null')),
  );
  const expected = seen.map((steps, index) => expectedSteps(field, steps.length, log[index] ?? []));
  expect({ name, errors, hasMissed, seen }).toEqual({ name, errors: [], hasMissed: false, seen: expected });
}
