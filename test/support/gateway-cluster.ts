/** Several gateways over one Redis and one emulator, as processes or in this process. */
import { expect, onTestFinished, vi } from 'vitest';
import { type RunningServer, startServer } from '../../src/app/server.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Clock } from '../../src/base/clock.ts';
import { configFrom } from '../../src/config/config.ts';
import { type JobService, jobServices } from '../../src/model/job-state.ts';
import { redisKeys } from '../../src/watch/cluster/redis-keys.ts';
import { ampleMemory } from './ample-memory.ts';
import { type ChildGateway, type ChildOptions, startChildGateway } from './child-gateway.ts';
import type { EmulatorControl } from './emulator-control.ts';
import { temporaryFolder } from './gateway.ts';
import { startLastingEmulator } from './lasting-emulator.ts';
import { startRedis, type TestRedis } from './redis.ts';

const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

export interface Member extends ChildGateway {
  /** The name in the leases. */
  readonly name: string;
}

export class GatewayCluster {
  readonly redis: TestRedis;
  readonly emulator: EmulatorControl;
  /** The gateway processes, in order of start. */
  readonly members: Member[] = [];
  readonly #client: ReturnType<TestRedis['client']>;

  private constructor(redis: TestRedis, emulator: EmulatorControl) {
    this.redis = redis;
    this.emulator = emulator;
    this.#client = redis.client();
    this.#client.on('error', () => {});
  }

  /** Starts Redis and the emulator, without gateways. */
  static async start(): Promise<GatewayCluster> {
    return new GatewayCluster(await startRedis(), await startLastingEmulator());
  }

  /** Starts a gateway process and waits until the others know it. One at a time, or the names cannot be distinguished. */
  async startMember(env: Readonly<Record<string, string>> = {}, options: ChildOptions = {}): Promise<Member> {
    const before = await this.#names();
    const settings = {
      ...this.#settings(),
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      ...env,
    };
    const child = await startChildGateway(settings, options);
    const [name = ''] = (await this.#names()).filter((each) => !before.includes(each));
    const member = { ...child, name };
    this.members.push(member);
    return member;
  }

  /** Starts a gateway in this process, with the given clock. */
  async startServer(clock: Clock = systemClock): Promise<RunningServer> {
    // For the AWS SDK.
    vi.stubEnv('AWS_REGION', 'us-east-1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const config = configFrom({ PORT: '0', WAYBILL_DATA_DIR: temporaryFolder(), ...this.#settings() });
    const server = await startServer({ config, clock, awsCredentials: credentials, log: () => {}, gauge: ampleMemory });
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closed ??= server.close();
      return closed;
    };
    onTestFinished(close);
    return { ...server, close };
  }

  /** Waits until `members` gateways know each other and each service has a reader. */
  async joined(members: number): Promise<void> {
    const isJoined = async (): Promise<boolean> => {
      const names = await this.#names();
      const holders = await Promise.all(jobServices.map((service) => this.holderOf(service)));
      return names.length === members && holders.every((holder) => holder !== null && names.includes(holder));
    };
    await expect.poll(isJoined, slowly).toBe(true);
  }

  /** The gateway that holds the service's lease. */
  holderOf(service: JobService): Promise<string | null> {
    return this.#client.get(redisKeys.leasePrefix + service);
  }

  /** Number of entries in the log. */
  entries(): Promise<number> {
    return this.#client.xlen(redisKeys.entries);
  }

  /** The observed steps of the only job, such as `WAITING -> COMPLETED`. */
  async observed(): Promise<readonly string[]> {
    const entries = await this.#client.xrange(redisKeys.entries, '-', '+');
    const transitions = entries.map(([, fields]) => JSON.parse(fields.at(-1) ?? '{}'));
    return transitions.map(({ from, to }: { from: string; to: string }) => `${from} -> ${to}`);
  }

  /** A copy of all that Redis holds. */
  async copy(): Promise<ReadonlyMap<string, Buffer>> {
    const keys = await this.#client.keys('*');
    const copies = await Promise.all(keys.map(async (key) => [key, await this.#client.dumpBuffer(key)] as const));
    return new Map(copies);
  }

  /** Restarts Redis with an earlier copy. */
  async restartFrom(copy: ReadonlyMap<string, Buffer>): Promise<void> {
    const batch = this.#client.multi().flushall();
    for (const [key, dumped] of copy) batch.restore(key, 0, dumped);
    await batch.exec();
    await this.redis.restart();
  }

  #names(): Promise<string[]> {
    return this.#client.zrange(redisKeys.members, 0, -1);
  }

  #settings() {
    return {
      WAYBILL_BACKEND: 'aws',
      WAYBILL_REDIS_URL: this.redis.url,
      WAYBILL_POLL_MIN_MS: '100',
      WAYBILL_POLL_MAX_MS: '300',
      WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: '100',
      WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: '100',
      AWS_ENDPOINT_URL: this.emulator.url,
    };
  }
}

const slowly = { timeout: 15_000, interval: 100 };
