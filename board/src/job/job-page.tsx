/** One job, live, with what can be done about it. */

import { useEffect, useMemo, useState } from 'preact/hooks';
import { useJob, useJobsState } from 'waybill-client/react';
import { jobStore } from 'waybill-client/store';
import { Link } from 'wouter-preact';
import { type Answer, codeOf, request } from '../gateway.ts';
import { live } from '../live.ts';
import { useAnnounced } from '../parts/announcer.tsx';
import { Heading } from '../parts/heading.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import type { Viewer } from '../viewer.ts';
import { directionWords, type JobState, sentenceOf, serviceWords, stateWords, typeWords } from '../words.ts';
import { Actions } from './actions.tsx';
import { Details } from './details.tsx';
import { Failures } from './failures.tsx';
import { Files } from './files.tsx';
import { type Job, jobDocument } from './job-document.ts';
import { Parcel } from './parcel.tsx';
import { Timeline } from './timeline.tsx';

type Read = Answer<{ readonly job: Job | null }>;

/** The job as it was last read, read again whenever its state changes. */
function useReadJob(id: string, viewer: Viewer, state: string | undefined) {
  const [answer, setAnswer] = useState<Read | undefined>();
  const [reads, setReads] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    request<{ readonly job: Job | null }>(jobDocument(viewer), { id }).then(
      (read) => isCurrent && setAnswer(read),
      () => {},
    );
    return () => {
      isCurrent = false;
    };
  }, [id, state, reads]);
  return { answer, readAgain: () => setReads(reads + 1) };
}

export function JobPage({ id, viewer }: { readonly id: string; readonly viewer: Viewer }) {
  const store = useMemo(() => jobStore(live, { ids: [id] }), [id]);
  const latest = useJob(store, id);
  const { isLoaded } = useJobsState(store);
  useAnnounced(store.getSnapshot(), ({ state }) => `This job: ${stateWords[state as JobState]}`);
  const { answer, readAgain } = useReadJob(id, viewer, latest?.state);
  const job = answer?.data?.job;
  if (job) return <ShownJob job={job} viewer={viewer} isGone={isLoaded && !latest} onDone={readAgain} />;
  if (answer === undefined) return <p class="opening">Reading the job</p>;
  return (
    <section class="empty">
      <Heading title="No such job" />
      <p role="alert">
        {answer.errors ? sentenceOf(codeOf(answer), answer.errors[0]?.message ?? '') : 'The service does not have it.'}
      </p>
      <Link href="/">All jobs</Link>
    </section>
  );
}

interface ShownProps {
  readonly job: Job;
  readonly viewer: Viewer;
  readonly isGone: boolean;
  readonly onDone: () => void;
}

function ShownJob({ job, viewer, isGone, onDone }: ShownProps) {
  const title = job.service === 'IMPORT_EXPORT' ? directionWords[job.direction] : typeWords[job.type];
  return (
    <article class="job">
      <p>
        <Link href="/">All jobs</Link>
      </p>
      <Heading title={title ?? 'Job'} />
      <p class="job-head">
        <StateMark state={job.state} />
        <span>{serviceWords[job.service]}</span>
        <code>{job.awsJobId}</code>
        <span>
          created <Time at={job.createdAt} />
        </span>
      </p>
      {isGone && <p role="alert">The service no longer has this job.</p>}
      {job.statusMessage && <p class="status-message">{job.statusMessage}</p>}
      {viewer.mayWrite && <Actions job={job} onDone={onDone} />}
      {job.service === 'DATA_EXCHANGE' && <Failures job={job} />}
      {job.service === 'IMPORT_EXPORT' && <Parcel job={job} />}
      <Files job={job} viewer={viewer} onDone={onDone} />
      <div class="columns">
        {job.service === 'DATA_EXCHANGE' && <Details job={job} />}
        {job.service === 'IMPORT_EXPORT' && job.manifest && (
          <section aria-labelledby="manifest">
            <h2 id="manifest">Manifest</h2>
            <pre>{job.manifest}</pre>
          </section>
        )}
        <Timeline job={job} />
      </div>
    </article>
  );
}
