/** A job of Import/Export as the track of a parcel. */
import type { ImportExportJob } from './job-document.ts';

export interface Step {
  readonly word: string;
  readonly status: 'done' | 'current' | 'failed' | 'ahead' | 'never';
}

/** How many steps are behind the disk, by where it is and what is done with it. */
function passedSteps({ device, progress, state, isFinished }: ImportExportJob): number {
  const location = device?.location ?? 'UNKNOWN';
  const isCopied = state === 'COMPLETED' || state === 'COMPLETED_WITH_ERRORS';
  if (location === 'RETURNED') return isFinished ? 6 : 5;
  if (isCopied) return 4;
  if (state === 'IN_PROGRESS') return 3;
  if (location === 'AT_AWS') return state === 'FAILED' && progress.code !== 'Pending' ? 3 : 2;
  return 1;
}

export function stepsOf(job: ImportExportJob): readonly Step[] {
  const copying = job.direction === 'IMPORT' ? 'Copying to AWS' : 'Copying to the disk';
  const words = ['Job created', 'On its way to AWS', 'At AWS', copying, 'On its way back', 'Done'];
  const passed = passedSteps(job);
  // A disk whose copy has failed is sent back all the same.
  const broken = job.state === 'FAILED' ? (passed === 6 ? 3 : passed) : -1;
  const isOver = job.state === 'CANCELLED' || job.state === 'TIMED_OUT';
  return words.map((word, index) => {
    if (index === broken) return { word, status: 'failed' };
    if (index < passed) return { word, status: 'done' };
    if (isOver) return { word, status: 'never' };
    return { word, status: index === passed && broken === -1 ? 'current' : 'ahead' };
  });
}

const statusWords = { done: 'done', current: 'now', failed: 'failed here', ahead: 'to come', never: 'not reached' };

export function Parcel({ job }: { readonly job: ImportExportJob }) {
  const { device, progress, state } = job;
  const isSaidAbove = state === 'FAILED' || state === 'COMPLETED_WITH_ERRORS';
  return (
    <section aria-labelledby="parcel">
      <h2 id="parcel">The disk</h2>
      <ol class="parcel">
        {stepsOf(job).map(({ word, status }) => (
          <li key={word} class={status} aria-current={status === 'current' ? 'step' : undefined}>
            {word}
            <span class="visually-hidden">: {statusWords[status]}</span>
          </li>
        ))}
      </ol>
      {device?.message && !device.returnShipment && <p>{device.message}</p>}
      {progress.message && !isSaidAbove && <p>{progress.message}</p>}
      {device?.returnShipment && (
        <p>
          AWS has sent it back by {device.returnShipment.carrier}, tracking number{' '}
          <code>{device.returnShipment.trackingNumber}</code>.
        </p>
      )}
      {device?.location === 'NOT_RECEIVED' && state === 'WAITING' && (
        <p>{markOf(job)}, put the shipping label on the parcel, and send it to AWS.</p>
      )}
      {device?.location !== 'RETURNED' && state !== 'CANCELLED' && (
        <p class="hint">AWS reports when the disk has arrived, and not where it is on the road.</p>
      )}
    </section>
  );
}

/** How AWS tells whose disk it is: a disk for Glacier has a bar code on it in place of a file. */
function markOf({ signature, artifacts = [] }: ImportExportJob): string {
  if (!signature && artifacts.length > 0) return 'Print the bar code and tape it to the disk';
  return 'Write the file SIGNATURE to the root of the disk';
}
