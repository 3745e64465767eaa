/** A proxy between Waybill and AWS may log URLs and headers; these tests check what secrets they contain. */
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createImportExportClient } from '../../../src/backends/import-export/client.ts';
import { ownKey } from './planted-gateway.ts';

const endpoint = 'https://importexport.amazonaws.com/';

/** One call as a proxy sees it. */
async function requestBy(signature: 'v2' | 'v4') {
  const requests: { url: string; headers: string; body: string }[] = [];
  const client = createImportExportClient({
    endpoint,
    signature,
    credentials: async () => ownKey,
    clock: systemClock,
    transport: async (url, { headers, body }) => {
      requests.push({ url, headers: JSON.stringify(headers), body: String(body) });
      return new Response('', { status: 400 });
    },
  });
  await client.cancelJob('53TX4', { signal: new AbortController().signal }).catch(() => {});
  return requests;
}

test('with SigV4 the URL contains no parameters, and the body neither key nor signature', async () => {
  const [request, ...others] = await requestBy('v4');
  expect(others).toEqual([]);
  expect(request?.url).toBe(endpoint);
  expect(request?.body).not.toMatch(/AKIDEXAMPLE|Signature|SecurityToken/);
  expect(JSON.stringify(request)).not.toContain(ownKey.secretAccessKey);
});

test('with SigV2 key id and signature are in the body, and not in the URL or a header', async () => {
  const [request, ...others] = await requestBy('v2');
  expect(others).toEqual([]);
  expect(request?.url).toBe(endpoint);
  expect(request?.headers).not.toMatch(/AKIDEXAMPLE|Signature|authorization/i);
  expect(request?.body).toMatch(/AWSAccessKeyId=AKIDEXAMPLE.*Signature=/);
  expect(JSON.stringify(request)).not.toContain(ownKey.secretAccessKey);
});
