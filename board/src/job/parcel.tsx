/** A job of Import/Export as the track of a parcel. */
import type { ImportExportJob } from './job-document.ts';

interface Step {
  readonly word: string;
  readonly isDone: boolean;
}

/** Which steps are behind the disk, by where it is and what is done with it. */
export function stepsOf({ device, progress, state, direction, isFinished }: ImportExportJob): readonly Step[] {
  const location = device?.location ?? 'UNKNOWN';
  const isAtAws = location === 'AT_AWS' || location === 'RETURNED';
  const isLoaded = state === 'COMPLETED' || state === 'COMPLETED_WITH_ERRORS' || location === 'RETURNED';
  const hasBegun = isLoaded || (isAtAws && progress.code !== 'Pending' && state !== 'WAITING');
  return [
    { word: 'Job created', isDone: true },
    { word: 'Arrived at AWS', isDone: isAtAws },
    { word: direction === 'IMPORT' ? 'Copying to S3' : 'Copying to the disk', isDone: hasBegun },
    { word: 'Copied', isDone: isLoaded },
    { word: 'On its way back', isDone: location === 'RETURNED' },
    { word: 'Done', isDone: isFinished && location === 'RETURNED' },
  ];
}

export function Parcel({ job }: { readonly job: ImportExportJob }) {
  const steps = stepsOf(job);
  const current = steps.findIndex(({ isDone }) => !isDone);
  return (
    <section aria-labelledby="parcel">
      <h2 id="parcel">The disk</h2>
      <ol class="parcel">
        {steps.map(({ word, isDone }, index) => (
          <li
            key={word}
            class={isDone ? 'done' : ''}
            aria-current={index === current && !job.isFinished ? 'step' : undefined}
          >
            {word}
          </li>
        ))}
      </ol>
      {job.device?.message && <p>{job.device.message}</p>}
      {job.progress.message && <p>{job.progress.message}</p>}
      {job.device?.returnShipment && (
        <p>
          Returned by {job.device.returnShipment.carrier}, tracking number{' '}
          <code>{job.device.returnShipment.trackingNumber}</code>.
        </p>
      )}
    </section>
  );
}
