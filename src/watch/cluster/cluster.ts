/** One gateway of a cluster: the holder of a service's lease reads the service for all gateways. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../base/clock.ts';
import type { JobRef, JobService } from '../../model/job-state.ts';
import type { SharedTransitionLog } from '../history/shared-transition-log.ts';
import type { FencingTokens } from '../history/transition-log.ts';
import type { ServiceInterest } from './activity-interest.ts';
import { Interest } from './interest.ts';
import { Leases, type Renewal, renewalMs } from './leases.ts';
import { type MessageBody, peerMessageFrom, textFromMessage } from './peer-message.ts';
import type { Assignee, PeerNotice, PollAssignment } from './poll-assignment.ts';
import { redisKeys } from './redis-keys.ts';

/** Delay after a failed renewal. */
const retryMs = 1_000;

/** Changes within this time are written and read together. */
const coalesceMs = 20;

export interface ClusterOptions {
  /** For commands. */
  readonly redis: Redis;
  /** For the channel only. */
  readonly pubSub: Redis;
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
  /** The renewal under way. */
  #renewing: Promise<void> | undefined;
  /** Whether another renewal follows at once. */
  #isRenewalQueued = false;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#leases = new Leases(options.redis, options.clock, this.#name);
    this.#interest = new Interest(options.redis, this.#name);
    options.log.onFenced = (service, token) => {
      this.#leases.lose(service, token);
      this.#renewIn(0);
    };
    options.pubSub.on('message', (_channel: string, text: string) => this.#onPeerNotice(text));
  }

  /** Subscribes to the channel and takes the first leases. Rejects if Redis cannot be reached. */
  async join(): Promise<void> {
    const { pubSub } = this.#options;
    await pubSub.subscribe(redisKeys.channel);
    pubSub.on('ready', () => this.#resubscribe());
    await this.#renew();
    this.#renewIn(renewalMs);
  }

  /** A job whose interest is not written yet is read here, as no other gateway reads it. */
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

  setInterest(ref: JobRef, isWatched: boolean): void {
    this.#interest.setJob(ref, isWatched);
    this.#renewIn(coalesceMs);
  }

  setActivityInterest(service: JobService, interest: ServiceInterest | undefined): void {
    this.#interest.setActivity(service, interest);
    this.#renewIn(0);
  }

  notifyPeers(notice: PeerNotice): void {
    void this.#publish(notice);
  }

  assignTo(assignee: Assignee): void {
    this.#assignee = assignee;
    this.#emitInterest();
  }

  /** Gives the leases back, so that others take over at once. Leaves the connections open. */
  async leave(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#renewing?.catch(() => {});
    await this.#leases.leave().catch(() => {});
    await this.#publish({ about: 'leases' });
  }

  /** Renews after `delayMs` at the latest; an earlier renewal stays scheduled. */
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
      this.#isRenewalQueued = true;
      return;
    }
    this.#renewing = this.#renewAndPlan().finally(() => {
      this.#renewing = undefined;
      if (this.#isRenewalQueued) this.#renewIn(0);
      this.#isRenewalQueued = false;
    });
  }

  async #renewAndPlan(): Promise<void> {
    try {
      const { firstFreeMs } = await this.#renew();
      // An expired lease of another gateway is free as soon as it ends.
      this.#renewIn(Math.min(renewalMs, Math.max(coalesceMs, firstFreeMs + 1)));
    } catch {
      this.#wasCutOff = this.isCutOff();
      // Jobs watched here may have to be read here, as the others do not know of them.
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
    if (isNews || isReassigned) this.#emitInterest();
    if (isReassigned) this.#assignee?.onReassigned();
    this.#checkConnection();
    return renewal;
  }

  /** Subscribes again on a new connection, and reconnects if that fails. */
  #resubscribe(): void {
    const { pubSub } = this.#options;
    pubSub.subscribe(redisKeys.channel).catch(() => pubSub.disconnect(true));
  }

  #emitInterest(): void {
    const { jobsElsewhere, activityElsewhere } = this.#interest;
    const ours = jobsElsewhere.filter((ref) => this.isOurs(ref));
    this.#assignee?.onPeerInterest(ours, activityElsewhere);
  }

  #checkConnection(): void {
    const isCutOff = this.isCutOff();
    if (isCutOff !== this.#wasCutOff) this.#assignee?.onReassigned();
    this.#wasCutOff = isCutOff;
  }

  async #publish(body: MessageBody): Promise<void> {
    const text = textFromMessage({ from: this.#name, body });
    await this.#options.redis.publish(redisKeys.channel, text).catch(() => {});
  }

  #onPeerNotice(text: string): void {
    const notice = peerMessageFrom(text);
    if (notice === undefined || notice.from === this.#name || this.#isClosed) return;
    const { body } = notice;
    if (body.about === 'leases' || body.about === 'interest') this.#renewIn(coalesceMs);
    else this.#assignee?.onPeerNotice(body);
  }
}
