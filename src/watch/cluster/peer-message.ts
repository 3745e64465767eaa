/** The messages of the gateways' channel, as JSON. */
import { z } from 'zod';
import { type JobRef, jobServices } from '../../model/job-state.ts';
import type { PeerNotice } from './poll-assignment.ts';

/** `leases` and `interest`: the sender's have changed. */
export type MessageBody = PeerNotice | { readonly about: 'interest' } | { readonly about: 'leases' };

export interface PeerMessage {
  readonly from: string;
  readonly body: MessageBody;
}

const service = z.enum(jobServices);
const job = z.object({ service, awsJobId: z.string() });
const staleness = { since: z.iso.datetime().transform((text) => new Date(text)), nextInMs: z.number().nonnegative() };

/** Unknown members, and messages of an unknown kind, come from other versions and are ignored. */
const body = z.union([
  z.object({ about: z.literal('interest') }),
  z.object({ about: z.literal('leases') }),
  z.object({ about: z.literal('gone'), job }),
  z.object({ about: z.literal('stale'), jobs: z.array(job), ...staleness }),
  z.object({ about: z.literal('fresh'), jobs: z.array(job) }),
  z.object({ about: z.literal('stale activity'), service, ...staleness }),
  z.object({ about: z.literal('fresh activity'), service }),
]);

const sender = z.object({ from: z.string() });

export function peerMessageFrom(text: string): PeerMessage | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return { ...sender.parse(json), body: body.parse(json) };
  } catch {
    return undefined;
  }
}

export function textFromMessage({ from, body: notice }: PeerMessage): string {
  return JSON.stringify({
    from,
    ...notice,
    ...('job' in notice && { job: plain(notice.job) }),
    ...('jobs' in notice && { jobs: notice.jobs.map(plain) }),
  });
}

/** Without the members that a full job has beyond its reference. */
function plain({ service: ofJob, awsJobId }: JobRef): JobRef {
  return { service: ofJob, awsJobId };
}
