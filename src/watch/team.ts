/** One of several gateways that read jobs for each other: it reads those whose leases it has, whoever of them has the watchers. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { JobRef, JobService } from '../job.ts';
import { Leases, type Renewal, renewalMs } from './leases.ts';
import type { Assignee, News, PollAssignment } from './poll-assignment.ts';
import { redisKeys } from './redis-keys.ts';
import { shardOf, sweepShards } from './shard.ts';
import type { SharedTransitionLog } from './shared-transition-log.ts';
import type { Permit } from './transition-log.ts';
import { WishedJobs } from './wished-jobs.ts';

/** After a renewal that failed. */
const retryMs = 1_000;

/** What came up is gathered for so long before it is written, and read. */
const gatheringMs = 20;

const message = z.union([
  z.strictObject({ from: z.string(), about: z.enum(['leases', 'wishes']) }),
  z.strictObject({
    from: z.string(),
    about: z.enum(['gone', 'stale']),
    job: z.strictObject({ service: z.enum(['DATA_EXCHANGE', 'IMPORT_EXPORT']), awsJobId: z.string() }),
  }),
]);

type Message = z.infer<typeof message>;

export interface TeamOptions {
  /** For what is asked and answered. */
  readonly redis: Redis;
  /** For the channel, and for nothing else. */
  readonly listening: Redis;
  readonly log: SharedTransitionLog;
  readonly clock: Clock;
}

export class Team implements PollAssignment {
  readonly #options: TeamOptions;
  readonly #name = randomUUID();
  readonly #leases: Leases;
  readonly #wishes: WishedJobs;
  readonly #sweeps = new Set<number>();
  #assignee: Assignee | undefined;
  #gateways = 1;
  #wasCutOff = false;
  #isClosed = false;
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  /** Present while a renewal is under way. */
  #renewing: Promise<void> | undefined;
  /** Whether another is to follow at once. */
  #isAskedAgain = false;

  constructor(options: TeamOptions) {
    this.#options = options;
    this.#leases = new Leases(options.redis, options.clock, this.#name);
    this.#wishes = new WishedJobs(options.redis, this.#name);
    options.log.onFenced = (shard, token) => {
      this.#leases.lose(shard, token);
      this.#renewIn(0);
    };
    options.listening.on('message', (_channel: string, text: string) => this.#heed(text));
  }

  /** Listens to the others and takes its first leases. Rejects if Redis cannot be reached. */
  async join(): Promise<void> {
    const { listening } = this.#options;
    await listening.subscribe(redisKeys.channel);
    listening.on('ready', () => this.#listen());
    await this.#renew();
    // Those who have more than their share by now give it back at once.
    await this.#publish({ from: this.#name, about: 'leases' });
    this.#renewIn(renewalMs);
  }

  /** What the others do not know of nobody else reads. */
  isOurs(ref: JobRef): boolean {
    return this.#leases.has(shardOf(ref)) || this.#wishes.isUnwritten(ref);
  }

  isSweeper(service: JobService): boolean {
    return this.#leases.has(sweepShards[service]);
  }

  isCutOff(): boolean {
    return this.#leases.isOver || !this.#options.log.isOpen;
  }

  gateways(): number {
    return this.#gateways;
  }

  permit(): Permit {
    return this.#leases.tokens;
  }

  want(ref: JobRef, isWanted: boolean): void {
    this.#wishes.wish(ref, isWanted);
    this.#renewIn(gatheringMs);
  }

  wantSweep(service: JobService, isWanted: boolean): void {
    if (isWanted) this.#sweeps.add(sweepShards[service]);
    else this.#sweeps.delete(sweepShards[service]);
    this.#renewIn(0);
  }

  tell(news: News, { service, awsJobId }: JobRef): void {
    this.#publish({ from: this.#name, about: news, job: { service, awsJobId } });
  }

  assignTo(assignee: Assignee): void {
    this.#assignee = assignee;
    this.#handOver();
  }

  /** Gives the leases back, so that others take over at once. The connections are whose they were. */
  async leave(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#renewing?.catch(() => {});
    await this.#leases.leave().catch(() => {});
    await this.#publish({ from: this.#name, about: 'leases' });
  }

  /** At the latest: what was to be done earlier is. */
  #renewIn(delayMs: number): void {
    if (this.#isClosed) return;
    const dueAt = this.#options.clock.monotonicMs() + delayMs;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) return;
    this.#timer?.cancel();
    this.#timer = { dueAt, cancel: this.#options.clock.schedule(() => this.#onTimer(), delayMs) };
  }

  #onTimer(): void {
    this.#timer = undefined;
    if (this.#renewing !== undefined) {
      this.#isAskedAgain = true;
      return;
    }
    this.#renewing = this.#renewAndPlan().finally(() => {
      this.#renewing = undefined;
      if (this.#isAskedAgain) this.#renewIn(0);
      this.#isAskedAgain = false;
    });
  }

  async #renewAndPlan(): Promise<void> {
    try {
      const { firstFreeMs } = await this.#renew();
      // A lease that its holder does not renew any more is there to be taken as soon as it ends.
      this.#renewIn(Math.min(renewalMs, Math.max(gatheringMs, firstFreeMs + 1)));
    } catch {
      this.#wasCutOff = this.isCutOff();
      // What was wished for may be ours again, as the others were not told.
      this.#assignee?.onReassigned();
      this.#renewIn(retryMs);
    }
  }

  async #renew(): Promise<Renewal> {
    const before = this.#leases.held;
    const hasChanged = this.#wishes.hasChanged;
    const renewal = await this.#leases.renew(this.#sweeps);
    this.#gateways = renewal.others.size + 1;
    const { held } = this.#leases;
    const isReassigned = held.size !== before.size || [...held].some((shard) => !before.has(shard));
    if (renewal.gaveBack) await this.#publish({ from: this.#name, about: 'leases' });
    await this.#wishes.write();
    if (hasChanged) await this.#publish({ from: this.#name, about: 'wishes' });
    const isNews = await this.#wishes.read(renewal.others);
    if (this.#isClosed) return renewal;
    if (isNews || isReassigned) this.#handOver();
    if (isReassigned) this.#assignee?.onReassigned();
    this.#noteConnection();
    return renewal;
  }

  /** On a new connection; on one where that fails there is nothing to be heard. */
  #listen(): void {
    const { listening } = this.#options;
    listening.subscribe(redisKeys.channel).catch(() => listening.disconnect(true));
  }

  #handOver(): void {
    this.#assignee?.onWantedElsewhere(this.#wishes.elsewhere.filter((ref) => this.isOurs(ref)));
  }

  #noteConnection(): void {
    const isCutOff = this.isCutOff();
    if (isCutOff !== this.#wasCutOff) this.#assignee?.onReassigned();
    this.#wasCutOff = isCutOff;
  }

  async #publish(said: Message): Promise<void> {
    await this.#options.redis.publish(redisKeys.channel, JSON.stringify(said)).catch(() => {});
  }

  #heed(text: string): void {
    const said = messageFrom(text);
    if (said === undefined || said.from === this.#name || this.#isClosed) return;
    if ('job' in said) this.#assignee?.onNews(said.about, said.job);
    else this.#renewIn(gatheringMs);
  }
}

function messageFrom(text: string): Message | undefined {
  try {
    return message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
