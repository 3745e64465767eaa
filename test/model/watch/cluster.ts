/**
 * Two gateways over one log, as Redis would hold it: the lease may move at any time, and an append takes time, or
 * fails.
 */
import type { JobRef, JobService } from '../../../src/model/job-state.ts';
import type { ServiceInterest } from '../../../src/watch/cluster/activity-interest.ts';
import type { Assignee, PeerNotice, PollAssignment } from '../../../src/watch/cluster/poll-assignment.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import {
  type FencingTokens,
  jobKey,
  type NewTransition,
  type Transition,
  type TransitionLog,
} from '../../../src/watch/history/transition-log.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

export class ModelCluster {
  readonly clock: FakeClock;
  readonly log: MemoryTransitionLog;
  readonly members: readonly ModelMember[];
  appendMs = 0;
  isAway = false;
  /** Whether notices between the gateways get lost. */
  losesNotices = false;
  leader = 0;
  token = 1;

  constructor(clock: FakeClock, retained: number) {
    this.clock = clock;
    this.log = new MemoryTransitionLog('log', { transitions: retained });
    this.members = [new ModelMember(this, 0), new ModelMember(this, 1)];
  }

  /** Moves the lease to the other gateway. What the first one has read is refused from here on. */
  changeLeader(): void {
    this.leader = 1 - this.leader;
    this.token += 1;
    this.reassign();
  }

  setAway(isAway: boolean): void {
    this.isAway = isAway;
    this.reassign();
  }

  reassign(): void {
    for (const member of this.members) member.reassign();
  }
}

export class ModelMember {
  readonly index: number;
  readonly interest = new Map<string, JobRef>();
  readonly activity = new Map<JobService, ServiceInterest>();
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
  readonly #cluster: ModelCluster;
  #assignee: Assignee | undefined;

  constructor(cluster: ModelCluster, index: number) {
    this.#cluster = cluster;
    this.index = index;
    this.log = {
      id: cluster.log.id,
      get head() {
        return cluster.log.head;
      },
      last: (ref) => cluster.log.last(ref),
      since: (offset, refs) => cluster.log.since(offset, refs),
      history: (ref, page) => cluster.log.history(ref, page),
      follow: (listener) => cluster.log.follow(listener),
      caughtUp: () => undefined,
      append: (expected, transition, fencingTokens) => this.#append(expected, transition, fencingTokens),
    };
    this.assignment = {
      isOurs: () => cluster.leader === index,
      isSweeper: () => cluster.leader === index,
      isCutOff: () => cluster.isAway,
      fencingTokens: () => ({ DATA_EXCHANGE: cluster.token, IMPORT_EXPORT: cluster.token }),
      setInterest: (ref, isWatched) => {
        if (isWatched) this.interest.set(jobKey(ref), ref);
        else this.interest.delete(jobKey(ref));
        for (const member of this.#others) member.emitInterest();
      },
      setActivityInterest: (service, interest) => {
        if (interest === undefined) this.activity.delete(service);
        else this.activity.set(service, interest);
        for (const member of this.#others) member.emitInterest();
      },
      notifyPeers: (notice) => {
        if (!cluster.losesNotices) for (const member of this.#others) member.receive(notice);
      },
      assignTo: (assignee) => {
        this.#assignee = assignee;
      },
    };
  }

  reassign(): void {
    this.emitInterest();
    this.#assignee?.onReassigned();
  }

  emitInterest(): void {
    const isLeader = this.#cluster.leader === this.index;
    const interest = new Map(isLeader ? this.#others.flatMap((member) => [...member.interest]) : []);
    const [activity = new Map<JobService, ServiceInterest>()] = this.#others.map((member) => member.activity);
    this.#assignee?.onPeerInterest([...interest.values()], new Map(activity));
  }

  receive(notice: PeerNotice): void {
    this.#assignee?.onPeerNotice(notice);
  }

  get #others(): readonly ModelMember[] {
    return this.#cluster.members.filter((member) => member !== this);
  }

  async #append(
    expected: number,
    transition: NewTransition,
    fencingTokens: FencingTokens = {},
  ): Promise<Transition | undefined> {
    const cluster = this.#cluster;
    await this.#pass(cluster.appendMs);
    if (cluster.isAway) throw new Error('away');
    if ((fencingTokens[transition.job.service] ?? 0) < cluster.token) return undefined;
    const appended = cluster.log.appendNow(expected, transition);
    await this.#pass(cluster.appendMs);
    // The entry was appended, but the writer does not know.
    if (cluster.isAway) throw new Error('away');
    return appended;
  }

  #pass(ms: number): Promise<void> | undefined {
    return ms === 0 ? undefined : new Promise((resolve) => void this.#cluster.clock.schedule(resolve, ms));
  }
}
