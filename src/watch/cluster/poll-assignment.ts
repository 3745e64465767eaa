/** Assigns the reading of jobs to one of several gateways, and carries their notices beside the log. */
import type { JobRef, JobService } from '../../model/job-state.ts';
import type { FencingTokens } from '../history/transition-log.ts';
import type { ActivityInterest, ServiceInterest } from './activity-interest.ts';

/** When an unreadable job or list was last read successfully, and in how many milliseconds it is tried again. */
export interface Staleness {
  readonly since: Date;
  readonly nextInMs: number;
}

/**
 * What a gateway reports to the watchers in other gateways, apart from transitions. The jobs are all of one service.
 */
export type PeerNotice =
  | { readonly about: 'gone'; readonly job: JobRef }
  | ({ readonly about: 'stale'; readonly jobs: readonly JobRef[] } & Staleness)
  | { readonly about: 'fresh'; readonly jobs: readonly JobRef[] }
  | ({ readonly about: 'stale activity'; readonly service: JobService } & Staleness)
  | { readonly about: 'fresh activity'; readonly service: JobService };

/** The watcher of the gateway that jobs are assigned to. */
export interface Assignee {
  /** The assignment has changed. */
  readonly onReassigned: () => void;
  /**
   * From here on this gateway reads exactly these jobs for other gateways, and looks for new jobs of those of the
   * services that it reads.
   */
  readonly onPeerInterest: (refs: readonly JobRef[], activity: ActivityInterest) => void;
  readonly onPeerNotice: (notice: PeerNotice) => void;
}

export interface PollAssignment {
  /**
   * Whether this gateway reads the job regularly. The first read for a new watcher is always made by the watcher's own
   * gateway.
   */
  readonly isOurs: (ref: JobRef) => boolean;
  /** Whether this gateway looks for new jobs of the service. */
  readonly isSweeper: (service: JobService) => boolean;
  /** Whether this gateway cannot reach the others, so that nothing it reads could be written. */
  readonly isCutOff: () => boolean;
  /** The tokens to write with what a reading brings that begins now. */
  readonly fencingTokens: () => FencingTokens;
  /** Sets whether the job is watched here. */
  readonly setInterest: (ref: JobRef, isWatched: boolean) => void;
  /** Sets how the service's activity is watched here; undefined if it is not. */
  readonly setActivityInterest: (service: JobService, interest: ServiceInterest | undefined) => void;
  /** Notifies the gateways that watch these jobs, or this activity. */
  readonly notifyPeers: (notice: PeerNotice) => void;
  /** Called once. */
  readonly assignTo: (assignee: Assignee) => void;
}

const nothing = (): void => {};

/** The assignment of a single gateway. */
export const pollsEverything: PollAssignment = {
  isOurs: () => true,
  isSweeper: () => true,
  isCutOff: () => false,
  fencingTokens: () => ({}),
  setInterest: nothing,
  setActivityInterest: nothing,
  notifyPeers: nothing,
  assignTo: nothing,
};
