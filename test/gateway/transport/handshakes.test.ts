/** Handshakes, authentication and limits of WebSockets, on a gateway with authentication. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { demo } from '../../../src/emulator/demo.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { issuerKey, signed, startIssuer } from '../../support/issuer.ts';
import { RawSocket, until, watchJobs } from '../../support/live.ts';
import { exchange, openConnection } from '../../support/raw-http.ts';
import { oneToken, tokensFor } from '../../support/token-file.ts';
import { askOver, callsOf, codesOf } from '../../support/transports.ts';

const jobs = '{ jobs(first: 1) { nodes { id } } }';
const slow = { WAYBILL_POLL_MIN_MS: '3600000', WAYBILL_POLL_MAX_MS: '3600000' };

async function start(env: Readonly<Record<string, string>> = {}) {
  const { env: tokens, token } = await oneToken();
  const gateway = await startGateway({ ...slow, ...tokens, ...env });
  await gateway.emulator.forgetRequests();
  return { ...gateway, token };
}

/** A socket that has sent nothing yet. */
async function dial(url: string, protocols: string | string[] = 'graphql-transport-ws', headers = {}) {
  const socket = new WebSocket(url.replace('http', 'ws'), protocols, { headers });
  const raw = new RawSocket(socket);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve).once('close', resolve));
  return raw;
}

function init(raw: RawSocket, token: string): void {
  raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
}

async function connect(url: string, token: string): Promise<RawSocket> {
  const raw = await dial(url);
  init(raw, token);
  await until(() => raw.frames.length > 0 || raw.closed !== undefined);
  return raw;
}

async function closeCodeOf(raw: RawSocket): Promise<number | undefined> {
  await until(() => raw.closed !== undefined);
  return raw.closed?.code;
}

const upgrade = (headers: readonly string[] = [], version = '1.1') =>
  `GET /graphql HTTP/${version}\r\n${['Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade', ...headers].join('\r\n')}\r\n\r\n`;
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const completeHeaders = [key, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: graphql-transport-ws'];

test.each([
  ['the legacy protocol', ['Sec-WebSocket-Protocol: graphql-ws']],
  ['no protocol', []],
  ['an unknown protocol', ['Sec-WebSocket-Protocol: mqtt']],
  ['two unsupported protocols', ['Sec-WebSocket-Protocol: graphql-ws, mqtt']],
])('a socket with %s is closed with 4406', async (_title, headers) => {
  const { url } = await start();
  const { socket, text } = await openConnection(url);
  socket.write(upgrade([...completeHeaders.slice(0, 2), ...headers]));
  // 4406, as the two bytes of a close frame, before the reason.
  await until(() => text().includes('\u0011\u0036Subprotocol not acceptable'));
  socket.destroy();
});

test('of two protocols the supported one is selected', async () => {
  const { url, token } = await start();
  const raw = await dial(url, ['graphql-ws', 'graphql-transport-ws']);
  init(raw, token);
  await until(() => raw.frames.length > 0);
  expect([raw.socket.protocol, raw.frames]).toEqual(['graphql-transport-ws', [{ type: 'connection_ack' }]]);
});

test('500 sockets that send nothing for 3 s are closed with 4408', { timeout: 60_000 }, async () => {
  const { url, token, complaints } = await start();
  const silent = await Promise.all(Array.from({ length: 500 }, () => dial(url)));
  await until(() => silent.every(({ closed }) => closed !== undefined), 30_000);
  expect(new Set(silent.map(({ closed }) => closed?.code))).toEqual(new Set([4408]));
  expect((await connect(url, token)).frames).toEqual([{ type: 'connection_ack' }]);
  expect(complaints).toEqual([]);
});

test('a socket that subscribes without connection_init is closed with 4401, and no service is called', async () => {
  const gateway = await start();
  const raw = await dial(gateway.url);
  raw.subscribe('s', jobs);
  expect([await closeCodeOf(raw), await callsOf(gateway)]).toEqual([4401, 0]);
});

/** A gateway that verifies tokens of an issuer whose answers the test controls. */
async function startSlowIssuer() {
  const key = await issuerKey('k');
  const issuer = await startIssuer(key);
  onTestFinished(issuer.close);
  const token = await signed(key, {
    iss: 'https://issuer.example',
    aud: 'waybill',
    sub: 'somebody',
    scope: 'jobs:read',
    iat: Math.floor(Date.now() / 1_000),
    exp: Math.floor(Date.now() / 1_000) + 600,
  });
  const gateway = await startGateway({
    WAYBILL_AUTH: 'jwt',
    WAYBILL_JWT_ISSUER: 'https://issuer.example',
    WAYBILL_JWT_AUDIENCE: 'waybill',
    WAYBILL_JWKS_URL: issuer.url.href,
  });
  await gateway.emulator.forgetRequests();
  return { gateway, issuer, token };
}

test('sockets that close while their callers are authenticated do not count towards the limit', async () => {
  const { gateway, issuer, token } = await startSlowIssuer();
  const keySet = JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) });
  issuer.answer = (_request, response) => void sleep(300).then(() => response.end(keySet));
  const hasty = await Promise.all(Array.from({ length: 25 }, () => dial(gateway.url)));
  for (const raw of hasty) init(raw, token);
  await sleep(100);
  for (const { socket } of hasty) socket.terminate();
  await sleep(400);
  const others = await Promise.all(Array.from({ length: 20 }, () => connect(gateway.url, token)));
  expect(others.map(({ frames, closed }) => closed ?? frames[0]?.type)).toEqual(Array(20).fill('connection_ack'));
  expect(await closeCodeOf(await connect(gateway.url, token))).toBe(4403);
});

test('a socket that subscribes before connection_ack is closed with 4401, and no service is called', async () => {
  const { gateway, issuer, token } = await startSlowIssuer();
  issuer.answer = () => {};
  const raw = await dial(gateway.url);
  init(raw, token);
  raw.subscribe('s', jobs);
  expect([await closeCodeOf(raw), await callsOf(gateway)]).toEqual([4401, 0]);
});

test('a second connection_init is closed with 4429, before and after the first was answered', async () => {
  const { url, token } = await start();
  const early = await dial(url);
  init(early, token);
  init(early, token);
  expect(await closeCodeOf(early)).toBe(4429);
  const late = await connect(url, token);
  init(late, token);
  expect(await closeCodeOf(late)).toBe(4429);
});

test('an id of 129 characters closes the socket with 4400', async () => {
  const gateway = await start();
  const raw = await connect(gateway.url, gateway.token);
  raw.subscribe('x'.repeat(129), jobs);
  expect([await closeCodeOf(raw), await callsOf(gateway)]).toEqual([4400, 0]);
});

const limitOf64k = { WAYBILL_MAX_MESSAGE_BYTES: '65536' };

test('a message of 65,536 bytes is read, one of 65,537 gets an error of its own, and one of 131,073 closes the socket with 1009', async () => {
  const gateway = await start(limitOf64k);
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const raw = await connect(gateway.url, gateway.token);
  raw.subscribe('live', watchJobs, { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] });
  await until(() => raw.resultsOf('live').length === 1);
  const frameOf = (id: string, bytes: number): string => {
    const frame = JSON.stringify({ type: 'subscribe', id, payload: { query: '{ __typename }' } });
    return frame + ' '.repeat(bytes - frame.length);
  };
  raw.socket.send(frameOf('good', 65_536));
  await until(() => raw.typesOf('good').includes('complete'));
  for (const bytes of [65_537, 131_072]) {
    raw.socket.send(frameOf(`of ${bytes}`, bytes));
    await until(() => raw.typesOf(`of ${bytes}`).length > 0);
    expect(raw.frames.find(({ id }) => id === `of ${bytes}`)).toEqual({
      type: 'error',
      id: `of ${bytes}`,
      payload: [
        {
          message: `Expected a message of at most 65536 bytes, received ${bytes}.`,
          extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', retryable: false },
        },
      ],
    });
  }
  expect([raw.closed, gateway.watcher.subscribers]).toEqual([undefined, 1]);
  raw.socket.send(frameOf('absurd', 131_073));
  expect(await closeCodeOf(raw)).toBe(1009);
  await until(() => gateway.watcher.subscribers === 0);
});

test('a message of 1 MB, the size of a body, is read, and the other operations of its socket go on', async () => {
  const gateway = await start();
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? '')];
  const raw = await connect(gateway.url, gateway.token);
  raw.subscribe('live', watchJobs, { ids });
  await until(() => raw.resultsOf('live').length === 1);
  const query = `{ __typename } #${' '.repeat(1_000_000)}`;
  raw.subscribe('large', query);
  await until(() => raw.typesOf('large').length === 2);
  expect([raw.typesOf('large'), raw.closed]).toEqual([['next', 'complete'], undefined]);
  expect(await askOver('HTTP', gateway, { query })).toEqual({ data: { __typename: 'Query' } });
});

test('a peer that is not authenticated may send 64 kB and no more, in any number of messages', async () => {
  const { url, complaints } = await start();
  for (const send of [
    (raw: RawSocket) => raw.socket.send(' '.repeat(70_000)),
    (raw: RawSocket) => raw.socket.send(' '.repeat(70_000), { fin: false }),
  ]) {
    const raw = await dial(url);
    send(raw);
    await until(() => raw.closed !== undefined);
    expect(raw.closed).toEqual({ code: 4400, reason: 'Expected at most 65536 bytes before connection_ack' });
  }
  expect(complaints).toEqual([]);
});

test('a message of too many fragments closes the socket, whatever their size', async () => {
  const { url, token } = await start();
  const raw = await connect(url, token);
  for (let piece = 0; piece < 100; piece += 1) raw.socket.send(' ', { fin: false });
  expect(await closeCodeOf(raw)).toBe(1008);
});

/** Fifty operations, each begun and completed, `connection_init` and ten more. */
const burst = 111;

test('a flood of pings closes the socket with 1013, after which clients reconnect, and gets no more pongs than pings were read', async () => {
  const { url, token } = await start();
  const raw = await connect(url, token);
  for (let ping = 0; ping < 3_000; ping += 1) raw.send({ type: 'ping', payload: { x: 'y'.repeat(20) } });
  expect(await closeCodeOf(raw)).toBe(1013);
  // Plus the pings of the seconds that it took, at five a second.
  expect(raw.frames.filter(({ type }) => type === 'pong').length).toBeLessThanOrEqual(burst + 25);
});

test('pings of 60 kB before connection_init get at most two pongs, no larger than the pings', async () => {
  const { url } = await start();
  const raw = await dial(url);
  const payload = { x: 'y'.repeat(60_000) };
  for (let ping = 0; ping < 100; ping += 1) raw.send({ type: 'ping', payload });
  expect([4400, 4401]).toContain(await closeCodeOf(raw));
  expect(raw.frames.length).toBeLessThanOrEqual(2);
  for (const frame of raw.frames) expect(JSON.stringify(frame).length).toBeLessThan(61_000);
});

test('ping frames of WebSocket count as messages', async () => {
  const { url, token } = await start();
  const raw = await connect(url, token);
  let pongs = 0;
  raw.socket.on('pong', () => {
    pongs += 1;
  });
  for (let ping = 0; ping < 3_000; ping += 1) raw.socket.ping('x'.repeat(60));
  expect(await closeCodeOf(raw)).toBe(1013);
  expect(pongs).toBeLessThanOrEqual(burst + 25);
});

test('a reconnected socket may send all its operations at once, and further ones are slowed down rather than refused', async () => {
  const { url, token } = await start();
  const raw = await connect(url, token);
  for (let round = 0; round < 2; round += 1) {
    for (let operation = 0; operation < 50; operation += 1) raw.subscribe(`s${round} ${operation}`, '{ __typename }');
    await until(() => raw.frames.filter(({ type }) => type === 'complete').length === 50 * (round + 1));
  }
  for (let operation = 0; operation < 20; operation += 1) raw.subscribe(`t${operation}`, '{ __typename }');
  await until(() => raw.frames.filter(({ id, type }) => id?.startsWith('t') && type === 'complete').length >= 12);
  expect(raw.typesOf('t19')).toEqual([]);
  await until(() => raw.typesOf('t19').at(-1) === 'complete');
  expect([raw.closed, raw.frames.filter(({ type }) => type === 'error')]).toEqual([undefined, []]);
});

test('the 51st operation of a socket is refused, and the other 50 go on', async () => {
  const gateway = await start({ WAYBILL_MAX_MESSAGES_PER_SECOND: '1000' });
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? '')];
  const raw = await connect(gateway.url, gateway.token);
  for (let operation = 1; operation <= 50; operation += 1) raw.subscribe(`s${operation}`, watchJobs, { ids });
  await until(() => raw.frames.filter(({ type }) => type === 'next').length === 50);
  raw.subscribe('s51', watchJobs, { ids });
  await until(() => raw.typesOf('s51').length > 0);
  expect(raw.frames.find(({ id }) => id === 's51')).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS', retryable: true } }],
  });
  raw.send({ type: 'complete', id: 's1' });
  await until(() => {
    raw.subscribe(`t${raw.frames.length}`, '{ __typename }');
    return raw.frames.some(({ id, type }) => id?.startsWith('t') && type === 'next');
  });
  expect(raw.closed).toBeUndefined();
});

test('the 21st socket of a caller is refused, one of another caller is not, and a closed socket frees its place', async () => {
  const { env, tokenOf } = await tokensFor({ crowd: ['jobs:read'], other: ['jobs:read'] });
  const { url } = await startGateway(env);
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connect(url, tokenOf.crowd)));
  expect(sockets.every(({ frames }) => frames[0]?.type === 'connection_ack')).toBe(true);
  expect(await closeCodeOf(await connect(url, tokenOf.crowd))).toBe(4403);
  expect((await connect(url, tokenOf.other)).frames).toEqual([{ type: 'connection_ack' }]);
  sockets[0]?.socket.terminate();
  await sleep(100);
  expect((await connect(url, tokenOf.crowd)).frames).toEqual([{ type: 'connection_ack' }]);
});

test('an offer of compression is declined', async () => {
  const { url } = await start();
  const connection = await openConnection(url);
  connection.socket.write(
    upgrade([...completeHeaders, 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits']),
  );
  await until(() => connection.text().includes('\r\n\r\n'));
  expect(connection.text()).toMatch(/^HTTP\/1\.1 101 /);
  expect(connection.text()).not.toMatch(/deflate/i);
  connection.socket.destroy();
});

test.each([
  ['2,000 lines', upgrade([...completeHeaders, ...Array.from({ length: 1_990 }, (_, index) => `a${index}:`)])],
  ['a header of 20 kB', upgrade([...completeHeaders, `X-Long: ${'x'.repeat(20_000)}`])],
  ['a malformed key', upgrade([...completeHeaders.slice(1), 'Sec-WebSocket-Key: x'])],
  ['no key', upgrade(completeHeaders.slice(1))],
  ['version 8', upgrade([key, 'Sec-WebSocket-Version: 8', 'Sec-WebSocket-Protocol: graphql-transport-ws'])],
  ['HTTP/1.0', upgrade(completeHeaders, '1.0')],
  ['another method', upgrade(completeHeaders).replace('GET', 'POST')],
])('an upgrade with %s is refused, and others go on', async (_title, bytes) => {
  const { url, token, complaints } = await start();
  expect(await exchange(url, bytes)).toMatch(/^HTTP\/1\.1 (400|405|426|431) /);
  expect((await connect(url, token)).frames).toEqual([{ type: 'connection_ack' }]);
  expect(complaints).toEqual([]);
});

test('of a thousand simultaneous upgrades those over the limit are refused, and requests are still answered', {
  timeout: 60_000,
}, async () => {
  const { env, token } = await oneToken();
  const gateway = await startGateway({ ...env, WAYBILL_MAX_CONNECTIONS: '300' });
  const { url } = gateway;
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const ask = () => fetch(url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
  await (await ask()).text();
  const connections: { readonly status: () => number | undefined; readonly close: () => void }[] = [];
  for (let batch = 0; batch < 50; batch += 1) {
    const opened = await Promise.all(Array.from({ length: 20 }, () => openConnection(url)));
    for (const connection of opened) {
      connection.socket.write(upgrade(completeHeaders));
      connections.push({ ...connection, close: () => connection.socket.destroy() });
    }
    expect((await ask()).status).toBe(200);
  }
  await until(() => connections.filter(({ status }) => status() === 101).length >= 200);
  const open = connections.filter(({ status }) => status() === 101).length;
  expect(open).toBeLessThanOrEqual(270);
  await until(() => connections.some(({ status }) => status() === 503));
  for (const { close } of connections) close();
  await sleep(200);
  expect((await connect(url, token)).frames).toEqual([{ type: 'connection_ack' }]);
});

test.each([
  ['of another site', 'https://evil.example'],
  ['null', 'null'],
  ['of a look-alike subdomain', 'https://app.example.evil'],
  ['of a look-alike prefix', 'https://evilapp.example'],
  ['with another scheme', 'http://app.example'],
  ['with a trailing dot', 'https://app.example.'],
  ['that is malformed', 'x'],
  ['that is empty', ''],
])('a handshake with an Origin %s is answered 403', async (_title, origin) => {
  const { url } = await start({ WAYBILL_ALLOWED_ORIGINS: 'https://app.example' });
  expect(await exchange(url, upgrade([...completeHeaders, `Origin: ${origin}`]))).toMatch(/^HTTP\/1\.1 403 /);
});

test('a handshake without an Origin, which no browser sends, is accepted', async () => {
  const { url, token } = await start({ WAYBILL_ALLOWED_ORIGINS: 'https://app.example' });
  expect((await connect(url, token)).frames).toEqual([{ type: 'connection_ack' }]);
});

test('without authentication a handshake with a foreign Host is refused, since a page of that name would have the same origin', async () => {
  const { url } = await startGateway();
  const bytes = upgrade([...completeHeaders, 'Origin: http://evil.example']).replace('127.0.0.1', 'evil.example');
  expect(await exchange(url, bytes)).toMatch(/^HTTP\/1\.1 (403|421) /);
});

test('a token in a cookie is not accepted', async () => {
  const { url, token } = await start();
  const raw = await dial(url, 'graphql-transport-ws', { cookie: `authorization=Bearer ${token}; token=${token}` });
  raw.send({ type: 'connection_init' });
  expect([await closeCodeOf(raw), raw.frames]).toEqual([4403, []]);
});

test('a token in a header of the handshake is not accepted', async () => {
  const { url, token } = await start();
  const raw = await dial(url, 'graphql-transport-ws', { authorization: `Bearer ${token}` });
  raw.send({ type: 'connection_init' });
  expect([await closeCodeOf(raw), raw.frames]).toEqual([4403, []]);
});

test('a token in the URL is neither accepted nor logged', async () => {
  const { url, token, complaints } = await start();
  for (const name of ['token', 'access_token', 'authorization']) {
    const raw = await dial(`${url}?${name}=${token}`);
    raw.send({ type: 'connection_init' });
    expect([await closeCodeOf(raw), raw.frames, raw.closed?.reason]).toEqual([4403, [], 'Forbidden']);
    const response = await fetch(`${url}?${name}=${token}&query={__typename}`, {
      headers: { 'x-graphql-yoga-csrf': '1' },
    });
    expect([response.status, (await response.text()).includes(token)]).toEqual([401, false]);
  }
  expect(complaints.join()).not.toContain(token);
});

test('a mutation over WebSocket has the rights of its caller', async () => {
  const { env, tokenOf } = await tokensFor({ reader: ['jobs:read'], writer: ['jobs:read', 'jobs:write'] });
  const gateway = await startGateway(env);
  await gateway.emulator.forgetRequests();
  const query = 'mutation ($id: ID!) { cancelJob(id: $id) { userErrors { code } } }';
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
  const variables = { id: globalId('DataExchangeJob', dataExchange[0] ?? '') };
  for (const transport of ['HTTP', 'WebSocket'] as const) {
    const answer = await askOver(transport, { url: gateway.url, token: tokenOf.reader }, { query, variables });
    expect([transport, codesOf(answer)]).toEqual([transport, ['FORBIDDEN']]);
  }
  expect(await callsOf(gateway)).toBe(0);
  const answer = await askOver('WebSocket', { url: gateway.url, token: tokenOf.writer }, { query, variables });
  expect(answer).toEqual({ data: { cancelJob: { userErrors: [] } } });
});

test('a create over WebSocket and one over HTTP with the same key create one job', async () => {
  const gateway = await start();
  const query = `mutation ($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) { job { id } userErrors { code message } }
  }`;
  const input = {
    idempotencyKey: 'the-same-key-of-both-transports',
    details: {
      exportAssetToSignedUrl: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, assetId: demo.assetId },
    },
  };
  const target = { url: gateway.url, token: gateway.token };
  const first = await askOver('HTTP', target, { query, variables: { input } });
  const second = await askOver('WebSocket', target, { query, variables: { input } });
  expect([codesOf(first), second]).toEqual([[], { ...first, extensions: { replayed: true } }]);
  expect(first).toMatchObject({ data: { createDataExchangeJob: { job: { id: expect.any(String) } } } });
  expect(await gateway.emulator.requests()).toMatchObject({ 'DataExchange.CreateJob': 1 });
});

test.each<[string, unknown]>([
  ['a payload that is a list', []],
  ['a payload that is a string', 'x'],
  ['a token that is an object', { authorization: { toString: 'x' } }],
  ['a token of 100,000 letters', { authorization: `Bearer ${'x'.repeat(60_000)}` }],
  ['__proto__', JSON.parse('{"__proto__":{"authorization":"Bearer x"}}')],
  ['another scheme', { authorization: 'Basic eDp5' }],
])('a connection_init with %s closes the socket with a fixed reason', async (_title, payload) => {
  const { url, complaints } = await start();
  const raw = await dial(url);
  raw.send({ type: 'connection_init', payload });
  await until(() => raw.closed !== undefined);
  expect([
    { code: 4403, reason: 'Forbidden' },
    { code: 4400, reason: 'Invalid message received' },
  ]).toContainEqual({
    code: raw.closed?.code,
    reason: raw.closed?.reason.replace(/^Invalid message.*/, 'Invalid message received'),
  });
  expect([raw.frames, complaints]).toEqual([[], []]);
});

test('a socket whose issuer fails or never answers is closed in time, with a fixed reason', {
  timeout: 30_000,
}, async () => {
  for (const answer of [
    (_request: unknown, response: { destroy: () => void }) => response.destroy(),
    () => {},
  ] as const) {
    const { gateway, issuer, token } = await startSlowIssuer();
    issuer.answer = answer as never;
    const raw = await dial(gateway.url);
    init(raw, token);
    await until(() => raw.closed !== undefined, 15_000);
    expect(raw.closed).toEqual({ code: 4403, reason: 'Forbidden' });
  }
});
