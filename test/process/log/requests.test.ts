/** What lies between Waybill and AWS may write down addresses and headers: which of them tell a secret? */
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { createImportExportClient } from '../../../src/backends/import-export/client.ts';
import { ownKey } from './planted-gateway.ts';

const endpoint = 'https://importexport.amazonaws.com/';

/** One call, as a proxy on the way sees it. */
async function requestBy(signature: 'v2' | 'v4') {
  const seen: { url: string; headers: string; body: string }[] = [];
  const client = createImportExportClient({
    endpoint,
    signature,
    credentials: async () => ownKey,
    clock: systemClock,
    transport: async (url, { headers, body }) => {
      seen.push({ url, headers: JSON.stringify(headers), body: String(body) });
      return new Response('', { status: 400 });
    },
  });
  await client.cancelJob('53TX4', { signal: new AbortController().signal }).catch(() => {});
  return seen;
}

test('by SigV4 the address holds nothing, and the body neither key nor signature', async () => {
  const [request, ...others] = await requestBy('v4');
  expect(others).toEqual([]);
  expect(request?.url).toBe(endpoint);
  expect(request?.body).not.toMatch(/AKIDEXAMPLE|Signature|SecurityToken/);
  expect(JSON.stringify(request)).not.toContain(ownKey.secretAccessKey);
});

test('by SigV2 key id and signature are in the body, and never in the address or a header', async () => {
  const [request, ...others] = await requestBy('v2');
  expect(others).toEqual([]);
  expect(request?.url).toBe(endpoint);
  expect(request?.headers).not.toMatch(/AKIDEXAMPLE|Signature|authorization/i);
  expect(request?.body).toMatch(/AWSAccessKeyId=AKIDEXAMPLE.*Signature=/);
  expect(JSON.stringify(request)).not.toContain(ownKey.secretAccessKey);
});
