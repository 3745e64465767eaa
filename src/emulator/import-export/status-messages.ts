/** The messages of the status codes (Developer Guide, "Job status codes"), odd wording included. */
import type { Status } from './job.ts';

export interface Log {
  readonly bucket: string;
  readonly key: string;
}

export function locationMessage({ locationCode, carrier, trackingNumber }: Status): string | undefined {
  if (locationCode === 'NotReceived') return 'AWS has not received your device.';
  if (locationCode === 'AtAWS') return 'Your device is at AWS.';
  if (locationCode !== 'Returned') return undefined;
  return `Your device has been returned. The ${carrier} tracking number is ${trackingNumber}.`;
}

const aborted = 'The job was aborted.';

const fixedMessages: Readonly<Record<string, string>> = {
  Pending: 'The specified job has not started.',
  InProgress: 'The data on your device is currently being loaded.',
  Canceled: 'The job was canceled.',
  Expired: 'The job expired.',
  DeviceError: `${aborted} Your device would not function properly.`,
  InvalidSignature: `${aborted} The SIGNATURE file was invalid.`,
  MissingSignature: `${aborted} The SIGNATURE file was missing.`,
  MissingDevice: `${aborted} Your device, power supply, or device connectors were missing.`,
  UnsupportedDeviceType: `${aborted} Disk requires a USB2 or eSATA connector type, or a 2.5" or 3.5" SATA hard drive.`,
};

/** Undefined for a code whose full text is unknown. */
export function progressMessage({ progressCode, errorCount }: Status, log: Log): string | undefined {
  if (progressCode === 'Complete') {
    return `The data loaded successfully. The log was saved to ${log.key} in the bucket ${log.bucket}.`;
  }
  if (progressCode === 'SuccessWithErrors') {
    return `The data load completed with ${errorCount} of errors. See ${log.key} in the bucket ${log.bucket}. for more details.`;
  }
  return fixedMessages[progressCode];
}
