import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { elementText, errorName, origin, replyFrom, startEmulator } from './harness.ts';
import { exampleKey, formHeaders, signedV2, signedV4 } from './signing.ts';

interface Vector {
  readonly id: string;
  readonly clock: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/import-export-requests.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] };

const authenticationErrors =
  /InvalidClientTokenId|SignatureDoesNotMatch|MissingAuthentication|Incomplete|RequestExpired/;

function requestFrom({ host, path, method, headers, body }: Vector): Request {
  return new Request(`http://${host}${path}`, { method, headers, body });
}

test.each(vectors)('the signature of $id, made by a real client, is accepted', async (vector) => {
  const { emulator } = startEmulator({ wallClock: () => Date.parse(vector.clock) });
  const reply = await replyFrom(await emulator.handle(requestFrom(vector)));
  expect(errorName(reply) ?? '').not.toMatch(authenticationErrors);
});

test.each(vectors)('$id with another body is refused', async (vector) => {
  const { emulator } = startEmulator({ wallClock: () => Date.parse(vector.clock) });
  const forged = { ...vector, body: vector.body.replace('Action=', 'Other=1&Action=') };
  const reply = await replyFrom(await emulator.handle(requestFrom(forged)));
  expect([reply.status, errorName(reply)]).toEqual([403, 'SignatureDoesNotMatch']);
});

const list = { method: 'POST', url: `${origin}/`, body: 'Action=ListJobs', headers: formHeaders };
const strangeKey = { ...exampleKey, accessKeyId: 'AKIDSTRANGER' };
const wrongSecret = { ...exampleKey, secret: 'guessed' };
const minuteMs = 60_000;

test.each([
  { fault: 'no signature', sign: () => new Request(list.url, list), status: 403, code: 'MissingAuthenticationToken' },
  {
    fault: 'an unknown key',
    sign: (at: number) => signedV4(list, { at, service: 'IngestionService', key: strangeKey }),
    status: 403,
    code: 'InvalidClientTokenIdException',
  },
  {
    fault: 'a wrong secret',
    sign: (at: number) => signedV4(list, { at, service: 'IngestionService', key: wrongSecret }),
    status: 403,
    code: 'SignatureDoesNotMatch',
  },
  {
    fault: 'the name of another service',
    sign: (at: number) => signedV4(list, { at, service: 's3' }),
    status: 400,
    code: 'IncompleteSignature',
  },
  {
    fault: 'a signature sixteen minutes old',
    sign: (at: number) => signedV4(list, { at: at - 16 * minuteMs, service: 'IngestionService' }),
    status: 400,
    code: 'RequestExpired',
  },
  {
    fault: 'a version 2 signature sixteen minutes old',
    sign: (at: number) => signedV2(list.url, { Action: 'ListJobs' }, { at: at - 16 * minuteMs }),
    status: 400,
    code: 'RequestExpired',
  },
  {
    fault: 'a version 2 signature by an unknown key',
    sign: (at: number) => signedV2(list.url, { Action: 'ListJobs' }, { at, key: strangeKey }),
    status: 403,
    code: 'InvalidClientTokenIdException',
  },
  {
    fault: 'a session token',
    sign: (at: number) => signedV2(list.url, { Action: 'ListJobs', SecurityToken: 'token' }, { at }),
    status: 403,
    code: 'InvalidClientTokenIdException',
  },
  {
    fault: 'a session token in version 4',
    sign: (at: number) =>
      signedV4(
        { ...list, headers: { ...formHeaders, 'x-amz-security-token': 'token' } },
        { at, service: 'IngestionService' },
      ),
    status: 403,
    code: 'InvalidClientTokenIdException',
  },
])('Import/Export refuses $fault', async ({ sign, status, code }) => {
  const { emulator, clock } = startEmulator();
  const reply = await replyFrom(await emulator.handle(sign(clock.now())));
  expect([reply.status, elementText(reply, 'Code')]).toEqual([status, code]);
});

test.each(['IngestionService', 'importexport'])('Import/Export accepts the scope %s in any region', async (service) => {
  const { emulator, clock } = startEmulator();
  const request = signedV4(list, { at: clock.now(), service, region: 'eu-west-1' });
  expect((await emulator.handle(request)).status).toBe(200);
});

const jobs = { method: 'GET', url: `${origin}/v1/jobs?maxResults=1` };

test.each([
  { fault: 'no signature', sign: () => new Request(jobs.url), status: 400, name: 'IncompleteSignature' },
  {
    fault: 'an unknown key',
    sign: (at: number) => signedV4(jobs, { at, service: 'dataexchange', key: strangeKey }),
    status: 403,
    name: 'InvalidClientTokenId',
  },
  {
    fault: 'a wrong secret',
    sign: (at: number) => signedV4(jobs, { at, service: 'dataexchange', key: wrongSecret }),
    status: 403,
    name: 'InvalidSignatureException',
  },
  {
    fault: 'a scope that does not end as it should',
    sign: (at: number) => signedV4(jobs, { at, service: 'execute-api' }),
    status: 400,
    name: 'IncompleteSignature',
  },
  {
    fault: 'a signature from sixteen minutes ahead',
    sign: (at: number) => signedV4(jobs, { at: at + 16 * minuteMs, service: 'dataexchange' }),
    status: 400,
    name: 'RequestExpired',
  },
])('Data Exchange refuses $fault', async ({ sign, status, name }) => {
  const { emulator, clock } = startEmulator();
  const reply = await replyFrom(await emulator.handle(sign(clock.now())));
  expect([reply.status, errorName(reply)]).toEqual([status, name]);
  expect(reply.json).toEqual({ Message: expect.any(String) });
});

test('Data Exchange accepts any region, and a query with escapes', async () => {
  const { emulator, clock } = startEmulator();
  const escaped = { method: 'GET', url: `${origin}/v1/jobs?dataSetId=a%2Fb%2Bc%20%7E&maxResults=1` };
  const request = signedV4(escaped, { at: clock.now(), service: 'dataexchange', region: 'ap-southeast-2' });
  expect((await emulator.handle(request)).status).toBe(200);
});

test('a body other than the signed one is refused', async () => {
  const { emulator, clock } = startEmulator();
  const headers = { 'x-amz-content-sha256': '0'.repeat(64) };
  const request = signedV4({ ...jobs, headers }, { at: clock.now(), service: 'dataexchange' });
  expect(errorName(await replyFrom(await emulator.handle(request)))).toBe('InvalidSignatureException');
});

test('the signed host is that of the Host header, not of the URL', async () => {
  const { emulator, clock } = startEmulator();
  const signed = signedV4(
    { ...jobs, url: 'http://elsewhere.test/v1/jobs' },
    { at: clock.now(), service: 'dataexchange' },
  );
  const delivered = new Request('http://127.0.0.1:4566/v1/jobs', { headers: signed.headers });
  expect((await emulator.handle(delivered)).status).toBe(200);
});
