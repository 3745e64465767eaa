/** What a search for the job of a lost create brings. */
export type Finding =
  /** `others` are equal jobs that nobody has been told of: orphans of the same create. */
  | { readonly outcome: 'found'; readonly awsJobId: string; readonly others: readonly string[] }
  | { readonly outcome: 'none' }
  /** There may be one among what could not be read. */
  | { readonly outcome: 'unsure' };

/** How far the clocks of the gateway and a service may be apart. */
export const skewMs = 60_000;

/** Whether the job is known to belong to another create. */
export type IsTaken = (awsJobId: string) => Promise<boolean>;
