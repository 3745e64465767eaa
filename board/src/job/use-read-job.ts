/** Reads one job, and again whenever it changes. */
import { useEffect, useState } from 'preact/hooks';
import { type Answer, request } from '../gateway.ts';
import type { Viewer } from '../viewer.ts';
import { type Job, type JobRead, jobDocument, jobVariables } from './job-document.ts';

export type JobAnswer = Answer<JobRead>;

/** Nothing tells when a disk arrives or is sent back: the state of its job stays the same. In milliseconds. */
const lookAgainMs = 20_000;

/** After a read without an answer, in milliseconds. */
const retryMs = 3_000;

/** After an answer without the job, while its service fails; in milliseconds. */
const outageMs = 10_000;

/** Whether the job may be there although it could not be read. */
export function mayPass({ data, errors }: JobAnswer): boolean {
  return !data?.job && errors?.[0]?.extensions?.retryable === true;
}

/** What is known of a job stays while its service fails. */
function withKnownJob(read: JobAnswer, known: JobAnswer | undefined): JobAnswer {
  return known?.data?.job && mayPass(read) ? { data: known.data, errors: read.errors ?? [] } : read;
}

export interface ReadJob {
  /** The last answer, which stays while the next one is awaited. */
  readonly answer: JobAnswer | undefined;
  readonly isUnanswered: boolean;
  readonly readAgain: () => void;
}

/** `state` is what the stream last said. */
export function useReadJob(id: string, viewer: Viewer, state: string | undefined): ReadJob {
  const [answer, setAnswer] = useState<JobAnswer | undefined>();
  const [isUnanswered, setIsUnanswered] = useState(false);
  const [reads, setReads] = useState(0);
  const readAgain = (): void => setReads((before) => before + 1);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    request(jobDocument, jobVariables(id, viewer)).then(
      (read) => {
        if (!isCurrent) return;
        setIsUnanswered(false);
        setAnswer((known) => withKnownJob(read, known));
        if (isOnTheRoad(read.data?.job)) timer = setTimeout(readAgain, lookAgainMs);
        else if (mayPass(read)) timer = setTimeout(readAgain, outageMs);
      },
      () => {
        if (!isCurrent) return;
        setIsUnanswered(true);
        timer = setTimeout(readAgain, retryMs);
      },
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [id, state, reads]);
  return { answer, isUnanswered, readAgain };
}

function isOnTheRoad(job: Job | null | undefined): boolean {
  return job?.__typename === 'ImportExportJob' && job.state !== 'CANCELLED' && job.device?.location !== 'RETURNED';
}
