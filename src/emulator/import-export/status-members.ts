/** The members of GetStatus, some of which other operations repeat. */
import { type Job, type Status, statusAt } from './job.ts';
import { logBucketOf, logKeyOf } from './manifest.ts';
import { signatureFileContents, signatureOf } from './signature-file.ts';
import { locationMessage, progressMessage } from './status-messages.ts';
import { element, secondsText, textElement } from './xml.ts';

export function statusMembers(job: Job, now: number): string[] {
  const status = statusAt(job, now);
  const log = { bucket: logBucketOf(job.manifest), key: logKeyOf(job.manifest, job.id) };
  return [
    textElement('JobId', job.id),
    textElement('JobType', job.manifest.jobType),
    textElement('LocationCode', status.locationCode),
    textElement('LocationMessage', locationMessage(status)),
    textElement('ProgressCode', status.progressCode),
    textElement('ProgressMessage', progressMessage(status, log)),
    textElement('Carrier', status.carrier),
    textElement('TrackingNumber', status.trackingNumber),
    textElement('LogBucket', hasLog(status) ? log.bucket : undefined),
    textElement('LogKey', hasLog(status) ? log.key : undefined),
    textElement('ErrorCount', status.errorCount),
    ...signatureMembers(job),
    textElement('CurrentManifest', job.manifest.text),
    textElement('CreationDate', secondsText(job.createdAt)),
    artifactList(job),
  ];
}

/** Devices for S3 have a SIGNATURE file; the others a printed bar code. */
export function signatureMembers({ id, manifest }: Job): string[] {
  if (hasBarCode(manifest.kind)) return [];
  const signature = signatureOf(id, manifest.text);
  return [
    textElement('Signature', signature),
    textElement('SignatureFileContents', signatureFileContents(id, signature)),
  ];
}

/** No sample is known; these are the members of the service's model. */
export function artifactList({ id, manifest }: Pick<Job, 'id' | 'manifest'>): string {
  if (!hasBarCode(manifest.kind)) return element('ArtifactList');
  const url = `https://s3.amazonaws.com/${logBucketOf(manifest)}/barcode-${id}.pdf`;
  return element('ArtifactList', element('member', textElement('Description', 'Bar code'), textElement('URL', url)));
}

function hasBarCode(kind: Job['manifest']['kind']): boolean {
  return kind === 'ebsImport' || kind === 'glacierImport';
}

function hasLog({ progressCode }: Status): boolean {
  return progressCode === 'Complete' || progressCode === 'SuccessWithErrors';
}
