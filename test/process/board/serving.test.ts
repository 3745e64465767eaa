/** How the gateway serves the board: files, headers, and where it does not. */
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { builtProgramWithBoard } from '../../support/built-program.ts';
import { startGateway } from '../../support/gateway.ts';
import { exchange, requestBytes } from '../../support/raw-http.ts';

let boardFolder = '';

beforeAll(async () => {
  boardFolder = join(await builtProgramWithBoard(), 'board');
}, 60_000);

function startWithBoard(env: Readonly<Record<string, string>> = {}) {
  return startGateway(env, { boardFolder });
}

/** Sends the request as it is written, and reads the head and the body of the answer. */
async function answerTo(url: string, target: string, headers: readonly string[] = [], method = 'GET') {
  const text = await exchange(url, requestBytes(url, { method, target, headers }));
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const entries = lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]);
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value])),
    body: body.join('\r\n\r\n'),
  };
}

function assetEndingIn(extension: string): string {
  const name = readdirSync(join(boardFolder, 'assets')).find((file) => file.endsWith(extension));
  return `/assets/${name}`;
}

test('/ is the page, which a browser asks for again, and its files are kept for good, as another content has another name', async () => {
  const { url } = await startWithBoard();
  const page = await answerTo(url, '/');
  expect(page).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', vary: 'Accept-Encoding' },
  });
  expect(page.body).toContain('<title>Waybill</title>');
  const types = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
  for (const [extension, type] of Object.entries(types))
    expect(await answerTo(url, assetEndingIn(extension))).toMatchObject({
      status: 200,
      headers: {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
      },
    });
});

test('the page names its files relative to itself and has neither a script nor a style of its own', async () => {
  const { url } = await startWithBoard();
  const { body } = await answerTo(url, '/');
  expect([...body.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, address]) => address)).toEqual(
    Array(3).fill(expect.stringMatching(/^\.\/assets\/[\w.-]+$/)),
  );
  expect(body).not.toMatch(/<script(?![^>]* src=)|<style|\bstyle=|\bon\w+=/);
});

test('the page may load only files of the gateway, and speak only to it, to S3 and to the emulator', async () => {
  const { url, emulator } = await startWithBoard();
  const { headers } = await answerTo(url, '/');
  expect(headers['content-security-policy']?.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' https://*.amazonaws.com https://*.amazonaws.com.cn ${emulator.url}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]);
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
});

test('over other endpoints of AWS the page may send files to the one of Data Exchange', async () => {
  const { url } = await startWithBoard({
    WAYBILL_BACKEND: 'aws',
    AWS_ENDPOINT_URL_DATAEXCHANGE: 'http://127.0.0.1:9/below',
    AWS_REGION: 'us-east-1',
  });
  const { headers } = await answerTo(url, '/');
  expect(headers['content-security-policy']).toContain(
    "connect-src 'self' https://*.amazonaws.com https://*.amazonaws.com.cn http://127.0.0.1:9;",
  );
});

test('a file is compressed for those who take gzip, and for nobody else', async () => {
  const { url } = await startWithBoard();
  const address = new URL(assetEndingIn('.js'), url);
  const plain = await fetch(address, { headers: { 'accept-encoding': 'identity' } });
  const text = await plain.text();
  expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([
    null,
    String(Buffer.byteLength(text)),
  ]);
  const zipped = await exchange(
    url,
    requestBytes(url, { method: 'HEAD', target: address.pathname, headers: ['Accept-Encoding: br, gzip;q=0.5'] }),
  );
  expect(zipped).toContain('content-encoding: gzip\r\n');
  for (const refusing of ['gzip;q=0', 'br, gzip; q=0.0', 'br'])
    expect(
      (await answerTo(url, address.pathname, [`Accept-Encoding: ${refusing}`], 'HEAD')).headers,
    ).not.toHaveProperty('content-encoding');
  // `fetch` has unpacked what it received.
  expect(await (await fetch(address)).text()).toBe(text);
  expect(gunzipSync(await zippedBody(address))).toEqual(Buffer.from(text));
});

/** As it was sent. */
async function zippedBody(address: URL): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece)).on('end', () => resolve(Buffer.concat(pieces)));
    });
    sent.on('error', reject).end();
  });
}

test('a browser that has a file is told so, without the file', async () => {
  const { url } = await startWithBoard();
  const { etag = '' } = (await answerTo(url, '/')).headers;
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  for (const known of [etag, `"other", ${etag}`, etag.replace('W/', '')]) {
    const answer = await answerTo(url, '/', [`If-None-Match: ${known}`]);
    expect([answer.status, answer.body, answer.headers['etag']]).toEqual([304, '', etag]);
    expect(answer.headers).toHaveProperty('content-security-policy');
  }
  expect((await answerTo(url, '/', ['If-None-Match: W/"other"'])).status).toBe(200);
});

test('HEAD has the headers of GET without a body, and other methods are refused', async () => {
  const { url } = await startWithBoard();
  for (const target of ['/', '/index.html', assetEndingIn('.css')]) {
    const [got, head] = [await answerTo(url, target), await answerTo(url, target, [], 'HEAD')];
    const { date: _, ...headers } = got.headers;
    expect(head).toMatchObject({ status: 200, body: '', headers });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(await answerTo(url, target, [], method)).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD', 'x-content-type-options': 'nosniff' },
      });
  }
});

test('a path that is none of the board is not found, wherever it may lead', async () => {
  const { url } = await startWithBoard();
  const script = assetEndingIn('.js');
  const targets = [
    ...['/assets', '/assets/', '/assets/nothing.js', '/main.js', '/package.json', '/board/index.html'],
    ...['/../main.js', '/assets/../../main.js', '/assets/..%2f..%2fmain.js', '/assets/%2e%2e/%2e%2e/main.js'],
    ...['/%00', '/index.html%00', '/assets/%00.js', '/assets/%c0%ae%c0%ae/main.js', '/..\\main.js', '/C:/windows'],
    ...[`${script}/`, script.toUpperCase(), script.replace('/assets/', '/assets//'), `/${encodeURIComponent('…')}`],
    ...['/constructor', '/__proto__', '/toString'],
  ];
  const statuses = await Promise.all(targets.map(async (target) => [target, (await answerTo(url, target)).status]));
  expect(statuses).toEqual(targets.map((target) => [target, 404]));
});

test('a query belongs to the page, which is served whatever it says', async () => {
  const { url } = await startWithBoard();
  expect((await answerTo(url, '/?x=1')).status).toBe(200);
});

test('what else is served stays where it was, and a foreign Host is refused for the board too', async () => {
  const { url } = await startWithBoard();
  const statuses = ['/livez', '/readyz', '/schema.graphql', '/graphql?query={__typename}'].map((target) =>
    answerTo(url, target, ['x-graphql-yoga-csrf: 1']),
  );
  expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const target of ['/', assetEndingIn('.js')]) {
    const bytes = String(requestBytes(url, { method: 'GET', target })).replace(/Host: .*\r/, 'Host: evil.example\r');
    expect(await exchange(url, bytes)).toMatch(/^HTTP\/1\.1 421 /);
  }
});

test('WAYBILL_BOARD=off leaves / to GraphiQL', async () => {
  const { url } = await startWithBoard({ WAYBILL_BOARD: 'off' });
  expect(await answerTo(url, '/')).toMatchObject({ status: 302, headers: { location: '/graphql' } });
  expect((await answerTo(url, assetEndingIn('.js'))).status).toBe(404);
});
