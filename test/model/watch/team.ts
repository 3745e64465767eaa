/** Two gateways over one log, as Redis would hold it: who reads may change at any moment, and appending takes time, or fails. */
import type { JobRef, JobService } from '../../../src/model/job.ts';
import type { Assignee, PeerNews, PollAssignment } from '../../../src/watch/cluster/poll-assignment.ts';
import { MemoryTransitionLog } from '../../../src/watch/history/memory-transition-log.ts';
import {
  jobKey,
  type NewTransition,
  type Permit,
  type Transition,
  type TransitionLog,
} from '../../../src/watch/history/transition-log.ts';
import type { FakeClock } from '../../support/fake-clock.ts';

export class ModelTeam {
  readonly clock: FakeClock;
  readonly log: MemoryTransitionLog;
  readonly members: readonly ModelMember[];
  appendMs = 0;
  isAway = false;
  /** Whether what the gateways tell each other beside the log gets lost. */
  losesNotices = false;
  leader = 0;
  token = 1;

  constructor(clock: FakeClock, retained: number) {
    this.clock = clock;
    this.log = new MemoryTransitionLog('log', { transitions: retained });
    this.members = [new ModelMember(this, 0), new ModelMember(this, 1)];
  }

  /** The other one reads from here on. What the first has read is worth nothing any more. */
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
  readonly place: number;
  readonly wanted = new Map<string, JobRef>();
  readonly activity = new Set<JobService>();
  readonly log: TransitionLog;
  readonly assignment: PollAssignment;
  readonly #team: ModelTeam;
  #assignee: Assignee | undefined;

  constructor(team: ModelTeam, place: number) {
    this.#team = team;
    this.place = place;
    this.log = {
      id: team.log.id,
      get head() {
        return team.log.head;
      },
      last: (ref) => team.log.last(ref),
      since: (offset, refs) => team.log.since(offset, refs),
      history: (ref, page) => team.log.history(ref, page),
      follow: (listener) => team.log.follow(listener),
      arrival: () => undefined,
      append: (expected, transition, permit) => this.#append(expected, transition, permit),
    };
    this.assignment = {
      isOurs: () => team.leader === place,
      isSweeper: () => team.leader === place,
      isCutOff: () => team.isAway,
      permit: () => ({ DATA_EXCHANGE: team.token, IMPORT_EXPORT: team.token }),
      want: (ref, isWanted) => {
        if (isWanted) this.wanted.set(jobKey(ref), ref);
        else this.wanted.delete(jobKey(ref));
        for (const member of this.#others) member.handOver();
      },
      wantActivity: (service, isWanted) => {
        if (isWanted) this.activity.add(service);
        else this.activity.delete(service);
        for (const member of this.#others) member.handOver();
      },
      tell: (news) => {
        if (!team.losesNotices) for (const member of this.#others) member.hear(news);
      },
      assignTo: (assignee) => {
        this.#assignee = assignee;
      },
    };
  }

  reassign(): void {
    this.handOver();
    this.#assignee?.onReassigned();
  }

  handOver(): void {
    const isLeader = this.#team.leader === this.place;
    const wanted = new Map(isLeader ? this.#others.flatMap((member) => [...member.wanted]) : []);
    const activity = new Set(this.#others.flatMap((member) => [...member.activity]));
    this.#assignee?.onInterestElsewhere([...wanted.values()], activity);
  }

  hear(news: PeerNews): void {
    this.#assignee?.onPeerNews(news);
  }

  get #others(): readonly ModelMember[] {
    return this.#team.members.filter((member) => member !== this);
  }

  async #append(expected: number, transition: NewTransition, permit: Permit = {}): Promise<Transition | undefined> {
    const team = this.#team;
    await this.#pass(team.appendMs);
    if (team.isAway) throw new Error('away');
    if ((permit[transition.job.service] ?? 0) < team.token) return undefined;
    const appended = team.log.appendNow(expected, transition);
    await this.#pass(team.appendMs);
    // It was appended, and whoever did so does not know.
    if (team.isAway) throw new Error('away');
    return appended;
  }

  #pass(ms: number): Promise<void> | undefined {
    return ms === 0 ? undefined : new Promise((resolve) => void this.#team.clock.schedule(resolve, ms));
  }
}
