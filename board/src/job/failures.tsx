/** Why a job failed, in the service's sentence and ours. */
import type { DataExchangeJob, ImportExportJob, Job, S3Object } from './job-document.ts';

export function Failures({ job }: { readonly job: Job }) {
  return job.__typename === 'DataExchangeJob' ? <JobFailures job={job} /> : <DiskFailure job={job} />;
}

function JobFailures({ job: { errors } }: { readonly job: DataExchangeJob }) {
  if (errors.length === 0) return null;
  return (
    <section class="failures" aria-labelledby="failures">
      <h2 id="failures">Why it failed</h2>
      <ul>
        {errors.map(({ message, hint, code, assetName, sources }, index) => (
          <li key={index}>
            <p>{message}</p>
            {hint && <p class="hint">{hint}</p>}
            <p class="hint">
              {[code, assetName].filter(Boolean).join(' · ')}{' '}
              {sources.map((source, place) => source && <Address key={place} object={source} />)}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DiskFailure({ job: { state, progress } }: { readonly job: ImportExportJob }) {
  const isPartial = state === 'COMPLETED_WITH_ERRORS';
  if (state !== 'FAILED' && !isPartial) return null;
  return (
    <section class="failures" aria-labelledby="failures">
      <h2 id="failures">{isPartial ? 'What went wrong' : 'Why it failed'}</h2>
      <p>{progress.message ?? 'AWS has not said why.'}</p>
      <p class="hint">
        {progress.code}
        {progress.errorCount !== null && progress.errorCount > 0 && ` · ${progress.errorCount} could not be copied`}
        {progress.log && (
          <>
            {' · the log is '}
            <Address object={progress.log} />
          </>
        )}
      </p>
    </section>
  );
}

function Address({ object: { bucket, key } }: { readonly object: S3Object }) {
  return (
    <code>
      s3://{bucket}/{key}
    </code>
  );
}
