/** Who of several gateways reads which jobs, and what they tell each other of them beside the log. */
import type { JobRef, JobService } from '../../model/job-state.ts';
import type { FencingTokens } from '../history/transition-log.ts';

/** When what cannot be read was last read well, and when it will have been tried again. */
export interface Outlook {
  readonly since: Date;
  readonly nextInMs: number;
}

/** What one gateway finds out of what others have watchers for, and that is no change of a state. The jobs are all of one service. */
export type PeerNews =
  | { readonly about: 'gone'; readonly job: JobRef }
  | ({ readonly about: 'stale'; readonly jobs: readonly JobRef[] } & Outlook)
  | { readonly about: 'fresh'; readonly jobs: readonly JobRef[] }
  | ({ readonly about: 'stale activity'; readonly service: JobService } & Outlook)
  | { readonly about: 'fresh activity'; readonly service: JobService };

/** The gateway that jobs are assigned to. */
export interface Assignee {
  /** What is ours has changed. */
  readonly onReassigned: () => void;
  /**
   * From here on these jobs are read for other gateways, and none but these; and where this gateway reads one of these services,
   * it looks for new jobs of it for them.
   */
  readonly onInterestElsewhere: (refs: readonly JobRef[], activity: ReadonlySet<JobService>) => void;
  readonly onPeerNews: (news: PeerNews) => void;
}

export interface PollAssignment {
  /** Whether the job is read here at its intervals. What someone waits for is read by whoever has that someone. */
  readonly isOurs: (ref: JobRef) => boolean;
  /** Whether this gateway looks for new jobs of the service. */
  readonly isSweeper: (service: JobService) => boolean;
  /** Whether nothing can be known of the others at the moment: whatever was read could not be written. */
  readonly isCutOff: () => boolean;
  /** For what a reading that begins now brings. */
  readonly fencingTokens: () => FencingTokens;
  /** Someone watches the job here, or nobody does any more. */
  readonly want: (ref: JobRef, isWanted: boolean) => void;
  /** Someone watches the activity of the service here, or nobody does any more. */
  readonly wantActivity: (service: JobService, isWanted: boolean) => void;
  /** For the gateways that have watchers of these jobs, or of this activity. */
  readonly tell: (news: PeerNews) => void;
  /** There is one for each assignment. */
  readonly assignTo: (assignee: Assignee) => void;
}

const nothing = (): void => {};

/** A gateway that knows of no other. */
export const pollsEverything: PollAssignment = {
  isOurs: () => true,
  isSweeper: () => true,
  isCutOff: () => false,
  fencingTokens: () => ({}),
  want: nothing,
  wantActivity: nothing,
  tell: nothing,
  assignTo: nothing,
};
