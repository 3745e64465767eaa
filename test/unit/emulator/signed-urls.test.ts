import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { errorName, type Harness, origin, startEmulator, stepMs } from './harness.ts';

const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
const file = 'day,price\r\n1,12.50\u0000\n';

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

async function createImport({ exchange }: Harness, content = file) {
  const { json } = await exchange('POST', '/v1/jobs', {
    Type: 'IMPORT_ASSET_FROM_SIGNED_URL',
    Details: { ImportAssetFromSignedUrl: { ...revision, AssetName: 'new.csv', Md5Hash: md5(content) } },
  });
  const { SignedUrl, SignedUrlExpiresAt } = json.Details.ImportAssetFromSignedUrl;
  return { path: `/v1/jobs/${json.Id}`, url: SignedUrl as string, expiresAt: Date.parse(SignedUrlExpiresAt) };
}

function put({ fetch }: Harness, url: string, body = file, contentMd5 = md5(body)) {
  return fetch(url, { method: 'PUT', body, headers: { 'content-md5': contentMd5 } });
}

async function startedAndPast({ exchange, clock }: Harness, path: string) {
  await exchange('PATCH', path);
  await clock.advance(stepMs);
  return (await exchange('GET', path)).json;
}

async function assetNamed({ exchange }: Harness, name: string) {
  const path = `/v1/data-sets/${demo.dataSetId}/revisions/${demo.revisionId}/assets`;
  const asset = (await exchange('GET', path)).json.Assets.find(({ Name }) => Name === name);
  if (asset === undefined) throw new Error(`No asset is named ${name}.`);
  return asset;
}

async function download(harness: Harness, AssetId: string) {
  const { json } = await harness.exchange('POST', '/v1/jobs', {
    Type: 'EXPORT_ASSET_TO_SIGNED_URL',
    Details: { ExportAssetToSignedUrl: { ...revision, AssetId } },
  });
  expect(json.Details.ExportAssetToSignedUrl).not.toHaveProperty('SignedUrl');
  return (await startedAndPast(harness, `/v1/jobs/${json.Id}`)).Details.ExportAssetToSignedUrl;
}

test('an uploaded file is downloaded byte for byte', async () => {
  const harness = startEmulator();
  const { path, url, expiresAt } = await createImport(harness);
  expect(url.startsWith(`${origin}/uploads/`)).toBe(true);
  expect(expiresAt).toBe(harness.clock.now() + 60_000);
  expect((await put(harness, url)).status).toBe(200);
  expect((await startedAndPast(harness, path)).State).toBe('COMPLETED');
  const asset = await assetNamed(harness, 'new.csv');
  expect(asset.AssetDetails).toEqual({ S3SnapshotAsset: { Size: file.length } });
  const { SignedUrl } = await download(harness, asset.Id);
  expect(await harness.fetch(SignedUrl)).toMatchObject({ status: 200, text: file });
});

test('GetJob returns the URL and its expiry again', async () => {
  const harness = startEmulator();
  const { path, url, expiresAt } = await createImport(harness);
  await harness.clock.advance(5000);
  const { ImportAssetFromSignedUrl } = (await harness.exchange('GET', path)).json.Details;
  expect(ImportAssetFromSignedUrl.SignedUrl).toBe(url);
  expect(Date.parse(ImportAssetFromSignedUrl.SignedUrlExpiresAt)).toBe(expiresAt);
});

test('the lifetime of a download URL begins with the completion', async () => {
  const harness = startEmulator({ signedUrlLifetimeMs: 10_000 });
  const { SignedUrl, SignedUrlExpiresAt } = await download(harness, demo.assetId);
  expect(Date.parse(SignedUrlExpiresAt)).toBe(harness.clock.now() + 10_000);
  expect((await harness.fetch(SignedUrl)).status).toBe(200);
  await harness.clock.advance(10_000);
  expect((await harness.fetch(SignedUrl)).status).toBe(403);
});

test('an upload to an expired URL is refused', async () => {
  const harness = startEmulator();
  const { url } = await createImport(harness);
  await harness.clock.advance(60_000);
  expect([(await put(harness, url)).status, errorName(await put(harness, url))]).toEqual([403, 'AccessDenied']);
});

test('a URL with a wrong signature or another method is refused', async () => {
  const harness = startEmulator();
  const { url } = await createImport(harness);
  expect(
    (
      await put(
        harness,
        url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      )
    ).status,
  ).toBe(403);
  expect((await harness.fetch(url)).status).toBe(403);
});

test('an upload must claim and have the digest of its job', async () => {
  const harness = startEmulator();
  const { path, url } = await createImport(harness);
  const attempts = [
    await put(harness, url, 'other'),
    await put(harness, url, 'other', md5(file)),
    await harness.fetch(url, { method: 'PUT', body: file }),
  ];
  expect(attempts.map((reply) => [reply.status, errorName(reply)])).toEqual([
    [400, 'InvalidDigest'],
    [400, 'BadDigest'],
    [400, 'InvalidDigest'],
  ]);
  expect((await startedAndPast(harness, path)).State).toBe('ERROR');
});

test('an upload of more than 64 MiB is refused', async () => {
  const harness = startEmulator();
  const { url } = await createImport(harness);
  const body = new Uint8Array(64 * 1024 * 1024 + 1);
  const reply = await harness.fetch(url, { method: 'PUT', body, headers: { 'content-md5': md5(file) } });
  expect([reply.status, errorName(reply)]).toEqual([400, 'EntityTooLarge']);
});

test('an import that is started before its upload ends in ERROR', async () => {
  const harness = startEmulator();
  const { path, url } = await createImport(harness);
  await harness.exchange('PATCH', path);
  await harness.clock.advance(1);
  await put(harness, url);
  await harness.clock.advance(stepMs);
  expect((await harness.exchange('GET', path)).json).toMatchObject({
    State: 'ERROR',
    Errors: [
      {
        Code: 'VALIDATION_EXCEPTION',
        Details: { ImportAssetFromSignedUrlJobErrorDetails: { AssetName: 'new.csv' } },
      },
    ],
  });
});

test('an API is imported with its specification and without its key', async () => {
  const harness = startEmulator();
  const specification = '{"openapi":"3.0.0"}';
  const { json } = await harness.exchange('POST', '/v1/jobs', {
    Type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
    Details: {
      ImportAssetFromApiGatewayApi: {
        ...revision,
        ApiId: 'a1',
        ApiName: 'Prices',
        ApiKey: 'secret',
        ApiSpecificationMd5Hash: md5(specification),
        ProtocolType: 'REST',
        Stage: 'prod',
      },
    },
  });
  const { ApiSpecificationUploadUrl, ApiSpecificationUploadUrlExpiresAt } = json.Details.ImportAssetFromApiGatewayApi;
  expect(Date.parse(ApiSpecificationUploadUrlExpiresAt)).toBe(harness.clock.now() + 60_000);
  expect((await put(harness, ApiSpecificationUploadUrl, specification)).status).toBe(200);
  expect((await startedAndPast(harness, `/v1/jobs/${json.Id}`)).State).toBe('COMPLETED');
  const assets = `/v1/data-sets/${demo.dataSetId}/revisions/${demo.revisionId}/assets`;
  const { text } = await harness.exchange('GET', assets);
  expect(text).toContain('ApiGatewayApiAsset');
  expect(text).not.toContain('secret');
});

test('an asset that is no file cannot be downloaded', async () => {
  const harness = startEmulator();
  const { json } = await harness.exchange('POST', '/v1/jobs', {
    Type: 'IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES',
    Details: { ImportAssetsFromRedshiftDataShares: { ...revision, AssetSources: [{ DataShareArn: 'arn:share' }] } },
  });
  await startedAndPast(harness, `/v1/jobs/${json.Id}`);
  const { Id } = await assetNamed(harness, 'arn:share');
  expect(await download(harness, Id)).not.toHaveProperty('SignedUrl');
});
