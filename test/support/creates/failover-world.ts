/** Gateways over a Redis with a replica, and the jobs that creates have made by the end. */
import { expect } from 'vitest';
import { type ChildGateway, startChildGateway } from '../child-gateway.ts';
import type { EmulatorControl } from '../emulator-control.ts';
import { dataExchangeDetails, manifests } from '../examples.ts';
import { type Answer, ask, field } from '../gateway.ts';
import { settingsOver, startLastingEmulator } from '../lasting-emulator.ts';
import { type RedisPair, startRedisPair } from '../redis-pair.ts';

const creates = {
  createDataExchangeJob: {
    query: `mutation ($input: CreateDataExchangeJobInput!) {
      createDataExchangeJob(input: $input) { job { id } userErrors { code } } }`,
    input: { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 },
  },
  createImportExportJob: {
    query: `mutation ($input: CreateImportExportJobInput!) {
      createImportExportJob(input: $input) { job { id } userErrors { code } } }`,
    input: { manifest: manifests.importToS3 },
  },
} as const;

export type CreateName = keyof typeof creates;
export const createNames = ['createDataExchangeJob', 'createImportExportJob'] as const satisfies readonly CreateName[];

export interface FailoverWorld {
  readonly redis: RedisPair;
  readonly emulator: EmulatorControl;
  readonly gateways: readonly [ChildGateway, ChildGateway];
  /** Starts another gateway over the same Redis. */
  readonly startGateway: () => Promise<ChildGateway>;
}

/** All of it ends with the test. */
export async function startFailoverWorld(settings: Readonly<Record<string, string>> = {}): Promise<FailoverWorld> {
  const [redis, emulator] = await Promise.all([startRedisPair(), startLastingEmulator()]);
  const env = { ...settingsOver(emulator.url), WAYBILL_REDIS_URL: redis.url, ...settings };
  const startGateway = () => startChildGateway(env);
  const first = await startGateway();
  return { redis, emulator, gateways: [first, await startGateway()], startGateway };
}

export function create({ url }: ChildGateway, name: CreateName, idempotencyKey: string): Promise<Answer> {
  const { query, input } = creates[name];
  return ask(url, query, { input: { idempotencyKey, ...input } });
}

export function codesIn({ errors = [] }: Answer): readonly unknown[] {
  return errors.map(({ extensions }) => extensions?.code);
}

export function idIn(answer: Answer, name: CreateName): string | undefined {
  return (answer.data?.[name] as { readonly job: { readonly id: string } | null } | null | undefined)?.job?.id;
}

/** Repeats the create until it is answered with its job; returns the id. */
export async function answered(gateway: ChildGateway, name: CreateName, key: string): Promise<string> {
  let answer: Answer = {};
  const outcome = async (): Promise<string> => {
    answer = await create(gateway, name, key).catch(() => ({}));
    return idIn(answer, name) === undefined ? JSON.stringify(answer) : 'answered';
  };
  await expect.poll(outcome, { timeout: 90_000, interval: 500 }).toBe('answered');
  return idIn(answer, name) ?? '';
}

/** The ids of all jobs that are not cancelled, in order. */
export async function jobsSeenBy({ url }: ChildGateway): Promise<readonly string[]> {
  const { data } = await ask(url, '{ jobs(first: 200) { nodes { id state } } }');
  const { nodes } = field<{ nodes: readonly { id: string; state: string }[] }>(data, 'jobs');
  return nodes
    .filter(({ state }) => state !== 'CANCELLED')
    .map(({ id }) => id)
    .toSorted();
}
