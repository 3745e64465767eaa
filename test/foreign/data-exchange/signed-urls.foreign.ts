import type { ExportAssetToSignedUrlResponseDetails, GetJobCommandOutput } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { finished, type Session, startSession } from '../support/data-exchange.ts';
import { stepMs } from '../support/emulator.ts';
import { file, jobRequest, md5 } from '../support/job-requests.ts';

const minuteMs = 60_000;
const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

async function newUpload({ client }: Session) {
  const { Id: JobId, Details } = await client.createJob(jobRequest('IMPORT_ASSET_FROM_SIGNED_URL'));
  const { SignedUrl = '', SignedUrlExpiresAt } = Details?.ImportAssetFromSignedUrl ?? {};
  return { JobId, url: SignedUrl, expiresAt: SignedUrlExpiresAt };
}

function put(url: string, body = file, contentMd5 = md5(file)): Promise<Response> {
  return fetch(url, { method: 'PUT', body, headers: { 'Content-MD5': contentMd5 } });
}

function downloadOf(job: GetJobCommandOutput): Partial<ExportAssetToSignedUrlResponseDetails> {
  return job.Details?.ExportAssetToSignedUrl ?? {};
}

async function assetIdNamed({ client }: Session, name: string): Promise<string | undefined> {
  const { Assets } = await client.listRevisionAssets(revision);
  return Assets?.find(({ Name }) => Name === name)?.Id;
}

test('an uploaded file is downloaded byte for byte', async () => {
  const session = await startSession();
  await finished(session, jobRequest('IMPORT_ASSET_FROM_SIGNED_URL'));
  const AssetId = await assetIdNamed(session, 'all-bytes.bin');
  const ExportAssetToSignedUrl = { ...revision, AssetId };
  const job = await finished(session, { Type: 'EXPORT_ASSET_TO_SIGNED_URL', Details: { ExportAssetToSignedUrl } });
  const { SignedUrl = '' } = downloadOf(job);
  expect(new Uint8Array(await (await fetch(SignedUrl)).arrayBuffer())).toEqual(file);
});

test('a download URL exists once its job is completed, and is valid for one minute', async () => {
  const session = await startSession();
  const request = jobRequest('EXPORT_ASSET_TO_SIGNED_URL');
  expect((await session.client.createJob(request)).Details?.ExportAssetToSignedUrl).not.toHaveProperty('SignedUrl');
  const { SignedUrl = '', SignedUrlExpiresAt } = downloadOf(await finished(session, request));
  expect(SignedUrlExpiresAt).toEqual(new Date(session.clock.now() + minuteMs));
  await session.clock.advance(minuteMs - 1);
  expect((await fetch(SignedUrl)).status).toBe(200);
  await session.clock.advance(1);
  expect((await fetch(SignedUrl)).status).toBe(403);
});

test('an upload URL exists at once, and is valid for one minute', async () => {
  const session = await startSession();
  const { JobId, url, expiresAt } = await newUpload(session);
  expect(expiresAt).toEqual(new Date(session.clock.now() + minuteMs));
  await session.clock.advance(minuteMs);
  const answer = await put(url);
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  await session.client.startJob({ JobId });
  await session.clock.advance(stepMs);
  expect((await session.client.getJob({ JobId })).State).toBe('ERROR');
});

test.each([
  ['other bytes', Uint8Array.of(1), md5(file), 'BadDigest'],
  ['another digest than the signed one', Uint8Array.of(1), md5(Uint8Array.of(1)), 'InvalidDigest'],
])('an upload with %s is refused', async (_, body, contentMd5, code) => {
  const { url } = await newUpload(await startSession());
  const answer = await put(url, body, contentMd5);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
});

test('a changed signature is refused', async () => {
  const { url } = await newUpload(await startSession());
  expect((await put(`${url}0`)).status).toBe(403);
});
