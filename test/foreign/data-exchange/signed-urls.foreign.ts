import type { ExportAssetToSignedUrlResponseDetails, GetJobCommandOutput } from '@aws-sdk/client-dataexchange';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { finished, type Scene, startScene } from '../support/data-exchange.ts';
import { stepMs } from '../support/emulator.ts';
import { file, jobRequest, md5 } from '../support/job-requests.ts';

const minuteMs = 60_000;
const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };

async function newUpload({ client }: Scene) {
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

async function assetIdNamed({ client }: Scene, name: string): Promise<string | undefined> {
  const { Assets } = await client.listRevisionAssets(revision);
  return Assets?.find(({ Name }) => Name === name)?.Id;
}

test('what is uploaded is downloaded byte for byte', async () => {
  const scene = await startScene();
  await finished(scene, jobRequest('IMPORT_ASSET_FROM_SIGNED_URL'));
  const AssetId = await assetIdNamed(scene, 'all-bytes.bin');
  const ExportAssetToSignedUrl = { ...revision, AssetId };
  const job = await finished(scene, { Type: 'EXPORT_ASSET_TO_SIGNED_URL', Details: { ExportAssetToSignedUrl } });
  const { SignedUrl = '' } = downloadOf(job);
  expect(new Uint8Array(await (await fetch(SignedUrl)).arrayBuffer())).toEqual(file);
});

test('a download is offered only once its job is completed, for one minute', async () => {
  const scene = await startScene();
  const request = jobRequest('EXPORT_ASSET_TO_SIGNED_URL');
  expect((await scene.client.createJob(request)).Details?.ExportAssetToSignedUrl).not.toHaveProperty('SignedUrl');
  const { SignedUrl = '', SignedUrlExpiresAt } = downloadOf(await finished(scene, request));
  expect(SignedUrlExpiresAt).toEqual(new Date(scene.clock.now() + minuteMs));
  await scene.clock.advance(minuteMs - 1);
  expect((await fetch(SignedUrl)).status).toBe(200);
  await scene.clock.advance(1);
  expect((await fetch(SignedUrl)).status).toBe(403);
});

test('an upload is offered at once, for one minute', async () => {
  const scene = await startScene();
  const { JobId, url, expiresAt } = await newUpload(scene);
  expect(expiresAt).toEqual(new Date(scene.clock.now() + minuteMs));
  await scene.clock.advance(minuteMs);
  const answer = await put(url);
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  await scene.client.startJob({ JobId });
  await scene.clock.advance(stepMs);
  expect((await scene.client.getJob({ JobId })).State).toBe('ERROR');
});

test.each([
  ['other bytes', Uint8Array.of(1), md5(file), 'BadDigest'],
  ['a digest other than the one that was signed', Uint8Array.of(1), md5(Uint8Array.of(1)), 'InvalidDigest'],
])('an upload of %s is refused', async (_, body, contentMd5, code) => {
  const { url } = await newUpload(await startScene());
  const answer = await put(url, body, contentMd5);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
});

test('a changed signature is refused', async () => {
  const { url } = await newUpload(await startScene());
  expect((await put(`${url}0`)).status).toBe(403);
});
