/** One of several gateways that read for each other: each service is read by the one that has its lease, whoever has the watchers. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../base/clock.ts';
import type { JobRef, JobService } from '../../model/job-state.ts';
import type { SharedTransitionLog } from '../history/shared-transition-log.ts';
import type { FencingTokens } from '../history/transition-log.ts';
import { peerNoticeFrom, type Subject, textOfNotice } from '../peer-notice.ts';
import { Interest } from './interest.ts';
import { Leases, type Renewal, renewalMs } from './leases.ts';
import type { Assignee, PeerNews, PollAssignment } from './poll-assignment.ts';
import { redisKeys } from './redis-keys.ts';

/** After a renewal that failed. */
const retryMs = 1_000;

/** What came up is gathered for so long before it is written, and read. */
const gatheringMs = 20;

export interface ClusterOptions {
  /** For what is asked and answered. */
  readonly redis: Redis;
  /** For the channel, and for nothing else. */
  readonly listening: Redis;
  readonly log: SharedTransitionLog;
  readonly clock: Clock;
}

export class Cluster implements PollAssignment {
  readonly #options: ClusterOptions;
  readonly #name = randomUUID();
  readonly #leases: Leases;
  readonly #interest: Interest;
  #assignee: Assignee | undefined;
  #wasCutOff = false;
  #isClosed = false;
  #timer: { readonly dueAt: number; readonly cancel: () => void } | undefined;
  /** Present while a renewal is under way. */
  #renewing: Promise<void> | undefined;
  /** Whether another is to follow at once. */
  #isAskedAgain = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#leases = new Leases(options.redis, options.clock, this.#name);
    this.#interest = new Interest(options.redis, this.#name);
    options.log.onFenced = (service, token) => {
      this.#leases.lose(service, token);
      this.#renewIn(0);
    };
    options.listening.on('message', (_channel: string, text: string) => this.#onPeerNotice(text));
  }

  /** Listens to the others and takes its first leases. Rejects if Redis cannot be reached. */
  async join(): Promise<void> {
    const { listening } = this.#options;
    await listening.subscribe(redisKeys.channel);
    listening.on('ready', () => this.#listen());
    await this.#renew();
    this.#renewIn(renewalMs);
  }

  /** What the others do not know of nobody else reads. */
  isOurs(ref: JobRef): boolean {
    return this.#leases.has(ref.service) || this.#interest.isUnwritten(ref);
  }

  isSweeper(service: JobService): boolean {
    return this.#leases.has(service);
  }

  isCutOff(): boolean {
    return this.#leases.isOver || !this.#options.log.isOpen;
  }

  fencingTokens(): FencingTokens {
    return this.#leases.tokens;
  }

  want(ref: JobRef, isWanted: boolean): void {
    this.#interest.setJob(ref, isWanted);
    this.#renewIn(gatheringMs);
  }

  wantActivity(service: JobService, isWanted: boolean): void {
    this.#interest.setActivity(service, isWanted);
    this.#renewIn(0);
  }

  tell(news: PeerNews): void {
    void this.#publish(news);
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
    await this.#publish({ about: 'leases' });
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
      // What is watched here may be ours again, as the others were not told.
      this.#assignee?.onReassigned();
      this.#renewIn(retryMs);
    }
  }

  async #renew(): Promise<Renewal> {
    const before = this.#leases.held;
    const { hasChanged } = this.#interest;
    const renewal = await this.#leases.renew();
    const { held } = this.#leases;
    const isReassigned = held.size !== before.size || [...held].some((service) => !before.has(service));
    await this.#interest.write();
    if (hasChanged) await this.#publish({ about: 'interest' });
    const isNews = await this.#interest.read(renewal.others);
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
    const { jobsElsewhere, activityElsewhere } = this.#interest;
    const ours = jobsElsewhere.filter((ref) => this.isOurs(ref));
    this.#assignee?.onInterestElsewhere(ours, activityElsewhere);
  }

  #noteConnection(): void {
    const isCutOff = this.isCutOff();
    if (isCutOff !== this.#wasCutOff) this.#assignee?.onReassigned();
    this.#wasCutOff = isCutOff;
  }

  async #publish(subject: Subject): Promise<void> {
    const text = textOfNotice({ from: this.#name, subject });
    await this.#options.redis.publish(redisKeys.channel, text).catch(() => {});
  }

  #onPeerNotice(text: string): void {
    const notice = peerNoticeFrom(text);
    if (notice === undefined || notice.from === this.#name || this.#isClosed) return;
    const { subject } = notice;
    if (subject.about === 'leases' || subject.about === 'interest') this.#renewIn(gatheringMs);
    else this.#assignee?.onPeerNews(subject);
  }
}
