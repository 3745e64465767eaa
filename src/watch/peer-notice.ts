/** What gateways say to each other on their channel, as JSON. */
import { z } from 'zod';
import { type JobRef, jobServices } from '../model/job-state.ts';
import type { PeerNews } from './cluster/poll-assignment.ts';

/** `leases` and `interest`: those of the sender have changed. */
export type Subject = PeerNews | { readonly about: 'interest' } | { readonly about: 'leases' };

export interface PeerNotice {
  readonly from: string;
  readonly subject: Subject;
}

const service = z.enum(jobServices);
const job = z.object({ service, awsJobId: z.string() });
const outlook = { since: z.iso.datetime().transform((text) => new Date(text)), nextInMs: z.number().nonnegative() };

/** Notices of another version may have more members, or be about what this one does not know: those it ignores. */
const subject = z.union([
  z.object({ about: z.literal('interest') }),
  z.object({ about: z.literal('leases') }),
  z.object({ about: z.literal('gone'), job }),
  z.object({ about: z.literal('stale'), jobs: z.array(job), ...outlook }),
  z.object({ about: z.literal('fresh'), jobs: z.array(job) }),
  z.object({ about: z.literal('stale activity'), service, ...outlook }),
  z.object({ about: z.literal('fresh activity'), service }),
]);

const sender = z.object({ from: z.string() });

export function peerNoticeFrom(text: string): PeerNotice | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return { ...sender.parse(json), subject: subject.parse(json) };
  } catch {
    return undefined;
  }
}

export function textOfNotice({ from, subject: told }: PeerNotice): string {
  return JSON.stringify({
    from,
    ...told,
    ...('job' in told && { job: plain(told.job) }),
    ...('jobs' in told && { jobs: told.jobs.map(plain) }),
  });
}

/** Whoever names a job may hold all that is known of it. */
function plain({ service: ofJob, awsJobId }: JobRef): JobRef {
  return { service: ofJob, awsJobId };
}
