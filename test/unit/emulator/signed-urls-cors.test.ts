/** Signed URLs from pages of other origins: as S3 answers for a bucket with a CORS rule. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { type Harness, startEmulator, stepMs } from './harness.ts';

const page = 'https://board.example';
const revision = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId };
const md5 = (text: string): string => createHash('md5').update(text).digest('base64');

async function uploadUrl({ exchange }: Harness): Promise<string> {
  const { json } = await exchange('POST', '/v1/jobs', {
    Type: 'IMPORT_ASSET_FROM_SIGNED_URL',
    Details: { ImportAssetFromSignedUrl: { ...revision, AssetName: 'new.csv', Md5Hash: md5('hello') } },
  });
  return json.Details.ImportAssetFromSignedUrl.SignedUrl;
}

async function downloadUrl({ exchange, clock }: Harness): Promise<string> {
  const { json } = await exchange('POST', '/v1/jobs', {
    Type: 'EXPORT_ASSET_TO_SIGNED_URL',
    Details: { ExportAssetToSignedUrl: { ...revision, AssetId: demo.assetId } },
  });
  await exchange('PATCH', `/v1/jobs/${json.Id}`);
  await clock.advance(stepMs);
  return (await exchange('GET', `/v1/jobs/${json.Id}`)).json.Details.ExportAssetToSignedUrl.SignedUrl;
}

function preflight({ fetch }: Harness, url: string, headers: Readonly<Record<string, string>>) {
  return fetch(url, { method: 'OPTIONS', headers });
}

test('a preflight admits GET and PUT from every origin with the headers that the page names', async () => {
  const harness = startEmulator();
  const url = await uploadUrl(harness);
  for (const method of ['PUT', 'GET']) {
    const asked = { 'access-control-request-method': method, 'access-control-request-headers': 'content-md5' };
    const { status, headers, text } = await preflight(harness, url, { origin: page, ...asked });
    expect([status, text, Object.fromEntries(headers)]).toEqual([
      200,
      '',
      expect.objectContaining({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, PUT',
        'access-control-allow-headers': 'content-md5',
        'access-control-max-age': '3000',
        vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
      }),
    ]);
  }
});

test('a preflight of another method or without an origin is refused, and so is none of the calls that a script may fail', async () => {
  const harness = startEmulator();
  const url = await uploadUrl(harness);
  await harness.control('POST', 'faults', { operation: 'DataExchange.UploadAsset', times: 1, fault: { status: 503 } });
  await harness.control('DELETE', 'requests');
  const deletes = await preflight(harness, url, { origin: page, 'access-control-request-method': 'DELETE' });
  expect([deletes.status, deletes.text]).toEqual([403, expect.stringContaining('<Code>AccessForbidden</Code>')]);
  const bare = await preflight(harness, url, { 'access-control-request-method': 'PUT' });
  expect([bare.status, bare.text]).toEqual([400, expect.stringContaining('<Code>BadRequest</Code>')]);
  expect(deletes.headers.get('access-control-allow-origin')).toBeNull();
  expect((await harness.control('GET', 'requests')).json).toEqual({});
  expect((await harness.fetch(url, { method: 'PUT', body: 'hello' })).status).toBe(503);
});

test('a page of another origin may read the answer to its upload, the refusal too, with the ETag', async () => {
  const harness = startEmulator();
  const url = await uploadUrl(harness);
  const put = (body: string) =>
    harness.fetch(url, { method: 'PUT', body, headers: { origin: page, 'content-md5': md5('hello') } });
  const wrong = await put('HELLO');
  expect([wrong.status, wrong.headers.get('access-control-allow-origin')]).toEqual([400, '*']);
  const right = await put('hello');
  expect([right.status, right.headers.get('access-control-expose-headers'), right.headers.get('etag')]).toEqual([
    200,
    'ETag',
    `"${createHash('md5').update('hello').digest('hex')}"`,
  ]);
});

test('a page of another origin may read a download, and others get no header of CORS', async () => {
  const harness = startEmulator();
  const url = await downloadUrl(harness);
  const read = await harness.fetch(url, { headers: { origin: page } });
  expect([read.status, read.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  const { headers } = await harness.fetch(url);
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('the services themselves answer no preflight', async () => {
  const harness = startEmulator();
  const asked = { origin: page, 'access-control-request-method': 'POST' };
  const { status, headers } = await preflight(harness, new URL('/v1/jobs', await uploadUrl(harness)).href, asked);
  expect([status >= 400, headers.get('access-control-allow-origin')]).toEqual([true, null]);
});
