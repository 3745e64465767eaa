/** The files that are being sent while another page is shown, and those that could not be. */
import { Link } from 'wouter-preact';
import { forgetUpload, useHiddenUploads } from './uploads.ts';

export function HiddenUploads() {
  return (
    <>
      {[...useHiddenUploads()].map(([jobId, { fileName, state, progress, message }]) =>
        state === 'sending' ? (
          <p key={jobId} class="notice">
            <Link href={`/jobs/${jobId}`}>Sending {fileName}</Link>: {Math.round(progress * 100)} %
          </p>
        ) : (
          <p key={jobId} role="alert" class="failure">
            <Link href={`/jobs/${jobId}`}>{fileName}</Link>: {message}{' '}
            <button type="button" class="quiet" onClick={() => forgetUpload(jobId)}>
              Close
            </button>
          </p>
        ),
      )}
    </>
  );
}
