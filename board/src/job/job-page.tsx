/** One job, live, with what can be done about it. */
import { useMemo } from 'preact/hooks';
import { useJob, useJobs, useJobsState } from 'waybill-client/react';
import { jobStore } from 'waybill-client/store';
import { Link } from 'wouter-preact';
import { codeOf } from '../gateway.ts';
import { whatOf } from '../jobs/job-row.tsx';
import { live } from '../live.ts';
import { useAnnounced } from '../parts/announcer.tsx';
import { AwsId } from '../parts/aws-id.tsx';
import { CopyAsGraphQL } from '../parts/copy-as-graphql.tsx';
import { Heading } from '../parts/heading.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { Time } from '../parts/time.tsx';
import type { Viewer } from '../viewer.ts';
import { type JobState, sentenceOf, serviceWords, stateWords } from '../words.ts';
import { Actions } from './actions.tsx';
import { Details } from './details.tsx';
import { Documents } from './documents.tsx';
import { Failures } from './failures.tsx';
import { type Job, jobDocument, jobVariables } from './job-document.ts';
import { Parcel } from './parcel.tsx';
import { Publish } from './publish.tsx';
import { Timeline } from './timeline.tsx';
import { Transfer } from './transfer.tsx';
import { type JobAnswer, mayPass, useReadJob } from './use-read-job.ts';

export function JobPage({ id, viewer }: { readonly id: string; readonly viewer: Viewer }) {
  const store = useMemo(() => jobStore(live, { ids: [id] }), [id]);
  const latest = useJob(store, id);
  const { isLoaded } = useJobsState(store);
  useAnnounced(useJobs(store), ({ state }) => `This job: ${stateWords[state as JobState]}`);
  const { answer, isUnanswered, readAgain } = useReadJob(id, viewer, latest?.state);
  const job = answer?.data?.job;
  if (job)
    return <ShownJob job={job} answer={answer} viewer={viewer} isGone={isLoaded && !latest} onDone={readAgain} />;
  if (answer !== undefined) return <NoJob answer={answer} />;
  return (
    <p class="opening" role="status">
      {isUnanswered ? 'The gateway does not answer. The page asks again every three seconds.' : 'Reading the job'}
    </p>
  );
}

/** An id that the gateway cannot have made is as good as that of a job that is gone. */
function NoJob({ answer }: { readonly answer: JobAnswer }) {
  const code = codeOf(answer);
  const isUnknown = answer.errors === undefined || code === 'INVALID_INPUT';
  return (
    <section class="empty">
      <Heading title={isUnknown ? 'No such job' : 'The job cannot be read'} />
      <p role="alert">
        {isUnknown
          ? 'The services have no job with this address. Data Exchange forgets a job after 90 days.'
          : sentenceOf(code, answer.errors?.[0]?.message ?? '')}
      </p>
      {mayPass(answer) && <p>The page asks again every ten seconds.</p>}
      <Link href="/">All jobs</Link>
    </section>
  );
}

interface ShownProps {
  readonly job: Job;
  readonly answer: JobAnswer;
  readonly viewer: Viewer;
  readonly isGone: boolean;
  readonly onDone: () => void;
}

function ShownJob({ job, answer, viewer, isGone, onDone }: ShownProps) {
  return (
    <article class="job">
      <p class="back">
        <Link href="/">← Back to the list</Link>
      </p>
      <Heading title={whatOf(job)} />
      <p class="job-head">
        <StateMark state={job.state} />
        <span>{serviceWords[job.service]}</span>
        <AwsId id={job.awsJobId} isWhole />
        <span>
          created <Time at={job.createdAt} />
        </span>
        {job.finishedAt && (
          <span>
            {job.service === 'IMPORT_EXPORT' && 'seen '}finished <Time at={job.finishedAt} />
          </span>
        )}
      </p>
      {isGone && <p role="alert">The service no longer has this job. This is what was last known of it.</p>}
      {answer.errors && (
        <p class="notice">Not all of this job can be read at the moment. {answer.errors[0]?.message}</p>
      )}
      <Failures job={job} />
      {viewer.mayReadSecrets && job.__typename === 'DataExchangeJob' && (
        <Transfer job={job} mayWrite={viewer.mayWrite} onDone={onDone} />
      )}
      {viewer.mayPublish && job.__typename === 'DataExchangeJob' && <Publish job={job} onDone={onDone} />}
      {viewer.mayWrite && <Actions job={job} viewer={viewer} onDone={onDone} />}
      {job.__typename === 'ImportExportJob' && <Parcel job={job} />}
      <div class="columns">
        {job.__typename === 'DataExchangeJob' ? <Details job={job} /> : <Documents job={job} />}
        <Timeline job={job} />
      </div>
      <CopyAsGraphQL query={jobDocument} variables={jobVariables(job.id, viewer)} />
    </article>
  );
}
