/** The storage behind the signed URLs of jobs: accepts uploads and serves downloads, with the errors of Amazon S3. */
import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import { type Incoming, maxBodyBytes } from '../incoming.ts';
import type { Service } from '../service.ts';
import { preflightAnswer, readableBy } from './cors.ts';
import type { SignedUrlStore, Upload } from './signed-url-store.ts';

const operations = ['DataExchange.UploadAsset', 'DataExchange.DownloadAsset'] as const;

export function createSignedUrlService(store: SignedUrlStore, now: () => number): Service {
  return {
    operations,
    operationOf,
    errorAnswer,
    answer: (incoming) =>
      incoming.method === 'OPTIONS'
        ? preflightAnswer(incoming)
        : readableBy(incoming, storageAnswer(store, incoming, now())),
  };
}

/** Whether the request goes to the storage, and to none of the services. */
export function isOfStorage({ url }: Incoming): boolean {
  return folderOf(url) !== undefined;
}

/** A preflight is none: nothing happens, and a scripted fault is for what comes after it. */
function operationOf({ url, method }: Incoming): string | undefined {
  if (method === 'OPTIONS') return undefined;
  const folder = folderOf(url);
  return folder && (folder === 'uploads' ? operations[0] : operations[1]);
}

function folderOf({ pathname }: URL): string | undefined {
  return /^\/(uploads|downloads)\//.exec(pathname)?.[1];
}

function storageAnswer(store: SignedUrlStore, incoming: Incoming, now: number): Answer {
  const issued = store.find(incoming.url);
  if (issued === undefined || issued.purpose.method !== incoming.method)
    return errorAnswer(403, 'SignatureDoesNotMatch');
  if (now >= issued.expiresAt) return errorAnswer(403, 'AccessDenied');
  if (issued.purpose.method === 'PUT') return uploadAnswer(issued.purpose, incoming, now);
  return { status: 200, headers: { 'content-type': 'binary/octet-stream' }, body: issued.purpose.bytes };
}

/** The job's MD5 is part of the signature, so the upload must claim exactly that digest and match it. */
function uploadAnswer(upload: Upload, { headers, body }: Incoming, now: number): Answer {
  if (body.length > maxBodyBytes) return errorAnswer(400, 'EntityTooLarge');
  if (headers.get('content-md5') !== upload.md5Hash) return errorAnswer(400, 'InvalidDigest');
  const digest = createHash('md5').update(body).digest();
  if (digest.toString('base64') !== upload.md5Hash) return errorAnswer(400, 'BadDigest');
  upload.received = { bytes: body, at: now };
  return { status: 200, headers: { etag: `"${digest.toString('hex')}"` }, body: '' };
}

function errorAnswer(status: number, awsCode = status >= 500 ? 'InternalError' : 'AccessDenied'): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${awsCode}</Code></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}
