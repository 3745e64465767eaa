/** What the tests of this client share: inputs that are valid, and a client whose service gives one fixed answer. */
import {
  createImportExportClient,
  type ImportExportClientOptions,
} from '../../../../src/backends/import-export/client.ts';
import { BackendError } from '../../../../src/model/errors.ts';
import type {
  ExportFromS3Manifest,
  ImportToGlacierManifest,
  ImportToS3Manifest,
  PostalAddress,
} from '../../../../src/model/import-export-manifest.ts';
import { noBackoffClock } from '../../../support/no-backoff-clock.ts';

export const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** Options of a call that nobody gives up. */
export const uninterrupted = { signal: new AbortController().signal };

export const address: PostalAddress = {
  name: 'Jane Roe',
  street1: '123 Any Street',
  city: 'Anytown',
  stateOrProvince: 'WA',
  postalCode: '91011-1111',
  phoneNumber: '206-555-1111',
  country: 'USA',
};

export const importToS3: ImportToS3Manifest = {
  deviceId: '49382',
  bucket: 'my-bucket',
  eraseDevice: true,
  returnAddress: address,
};

export const importToGlacier: ImportToGlacierManifest = {
  deviceId: '49382',
  region: 'us-east-1',
  vaultName: 'my-vault',
  archiveComment: 'Year 2014',
  eraseDevice: false,
  logBucket: 'my-log-bucket',
  returnAddress: address,
};

export const exportFromS3: ExportFromS3Manifest = {
  deviceId: 'HD001',
  fileSystem: 'NTFS',
  operations: [{ exportBucket: 'my-bucket' }],
  logBucket: 'my-log-bucket',
  encryption: { trueCryptPassword: 'password123' },
  returnAddress: address,
};

export const newJob = { manifest: { importToS3 }, validateOnly: false };

export function clientOf(options: Partial<ImportExportClientOptions> & Pick<ImportExportClientOptions, 'transport'>) {
  return createImportExportClient({
    endpoint: 'https://importexport.amazonaws.com',
    credentials: async () => key,
    signature: 'v4',
    clock: { ...noBackoffClock, now: () => Date.parse('2015-05-27T18:58:21Z') },
    ...options,
  });
}

/** A client whose service answers `body` to everything, and the forms that it was sent. */
export function clientAnswering(body: string | Uint8Array<ArrayBuffer>, init: ResponseInit = {}) {
  const forms: Record<string, string>[] = [];
  const client = clientOf({
    transport: async (_url, request) => {
      forms.push(Object.fromEntries(new URLSearchParams(String(request.body))));
      return new Response(body, init);
    },
  });
  return { client, forms };
}

/** The failure that `promise` ends in, as plain data. */
export async function failureOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => new Error('expected a failure'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw error;
  const { code, message, awsCode, field, retryAfterMs, isOutcomeUnclear } = error;
  return {
    code,
    message,
    isOutcomeUnclear,
    ...(awsCode !== undefined && { awsCode }),
    ...(field && { field }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** A reply with one exception of the service. */
export function errorBody(code: string): string {
  return `<ErrorResponse xmlns="http://importexport.amazonaws.com/"><Error><Type>Sender</Type><Code>${code}</Code><Message>planted-secret</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}
