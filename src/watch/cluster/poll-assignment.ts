/** Who of several gateways reads which jobs, and what they tell each other of them beside the log. */
import type { JobRef, JobService } from '../../model/job.ts';
import type { Permit } from '../history/transition-log.ts';

/** What one gateway finds out of a job that another has watchers for, and that is no change of its state. */
export type News = 'gone' | 'stale';

/** The gateway that jobs are assigned to. */
export interface Assignee {
  /** What is ours has changed. */
  readonly onReassigned: () => void;
  /**
   * From here on these jobs are read for other gateways, and none but these; and where this gateway reads one of these services,
   * it looks for new jobs of it for them.
   */
  readonly onInterestElsewhere: (refs: readonly JobRef[], activity: ReadonlySet<JobService>) => void;
  readonly onNews: (news: News, ref: JobRef) => void;
}

export interface PollAssignment {
  /** Whether the job is read here at its intervals. What someone waits for is read by whoever has that someone. */
  readonly isOurs: (ref: JobRef) => boolean;
  /** Whether this gateway looks for new jobs of the service. */
  readonly isSweeper: (service: JobService) => boolean;
  /** Whether nothing can be known of the others at the moment: whatever was read could not be written. */
  readonly isCutOff: () => boolean;
  /** For what a reading that begins now brings. */
  readonly permit: () => Permit;
  /** Someone watches the job here, or nobody does any more. */
  readonly want: (ref: JobRef, isWanted: boolean) => void;
  /** Someone watches the activity of the service here, or nobody does any more. */
  readonly wantActivity: (service: JobService, isWanted: boolean) => void;
  /** For the gateways that have watchers of the job. */
  readonly tell: (news: News, ref: JobRef) => void;
  /** There is one for each assignment. */
  readonly assignTo: (assignee: Assignee) => void;
}

const nothing = (): void => {};

/** A gateway that knows of no other. */
export const pollsEverything: PollAssignment = {
  isOurs: () => true,
  isSweeper: () => true,
  isCutOff: () => false,
  permit: () => ({}),
  want: nothing,
  wantActivity: nothing,
  tell: nothing,
  assignTo: nothing,
};
