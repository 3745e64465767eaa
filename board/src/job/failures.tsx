/** Why a job failed, in the service's sentence and ours. */
import type { DataExchangeJob } from './job-document.ts';

export function Failures({ job }: { readonly job: DataExchangeJob }) {
  if (job.errors.length === 0) return null;
  return (
    <section class="failures" aria-labelledby="failures">
      <h2 id="failures">Why it failed</h2>
      <ul>
        {job.errors.map(({ message, hint, code, assetName, sources }, index) => (
          <li key={index}>
            <p>{message}</p>
            {hint && <p class="hint">{hint}</p>}
            <p class="hint">
              {[code, assetName].filter(Boolean).join(' · ')}{' '}
              {sources.map(({ bucket, key }) => (
                <code key={key}>
                  s3://{bucket}/{key}
                </code>
              ))}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
