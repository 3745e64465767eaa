/** Gateways with tokens: those that expire, and the limits on messages that callers with tokens have. */
import { rename, writeFile } from 'node:fs/promises';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test, vi } from 'vitest';
import { resumable } from 'waybill-client';
import { createEventsClient } from 'waybill-client/sse';
import { hashOf, newToken, type TokenEntry, textFromTokenEntries } from '../../../src/identity/token-file.ts';
import { temporaryFolder } from '../../support/token-file.ts';
import { collect } from './collected.ts';
import { subscriptions } from './events.ts';
import { ImpatientWebSocket, quick, webSocketClient } from './libraries.ts';
import { RoughProxy } from './rough-proxy.ts';
import { oneGateway } from './worlds.ts';

const eventually = (actual: () => unknown, timeout = 20_000) => expect.poll(actual, { timeout, interval: 20 });

function idFrom(awsJobId: string): string {
  return Buffer.from(`DataExchangeJob:${awsJobId}`).toString('base64url');
}

/** A token file whose only caller gets another token on request; the old one ends with the next read, once a second. */
async function renewableToken() {
  const path = `${await temporaryFolder()}/tokens.json`;
  let token = '';
  const renew = async (isTold = true): Promise<void> => {
    const next = newToken();
    const entry: TokenEntry = { name: 'reader', hash: hashOf(next), scopes: ['jobs:read'] };
    await writeFile(`${path}.new`, textFromTokenEntries([entry]), { mode: 0o600 });
    await rename(`${path}.new`, path);
    if (isTold) token = next;
  };
  await renew();
  return { env: { WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: path }, token: () => token, renew };
}

function hurry(): void {
  const { random } = Math;
  vi.spyOn(Math, 'random').mockImplementation(() => random() / 10);
  onTestFinished(() => void vi.restoreAllMocks());
}

test.each(['WebSocket', 'Server-Sent Events'])(
  'over %s a stream goes on with the next token when one has ended',
  async (transport) => {
    hurry();
    const { env, token, renew } = await renewableToken();
    const { emulator, port } = await oneGateway(env);
    const { dataExchange } = await emulator.seed({ dataExchange: 1 });
    const [first = ''] = dataExchange;
    const url = `http://127.0.0.1:${port()}/graphql`;
    let asked = 0;
    const ask = () => {
      asked += 1;
      return token();
    };
    const headers = () => ({ authorization: `Bearer ${ask()}` });
    const inner = transport === 'WebSocket' ? webSocketClient(url, ask) : createEventsClient({ url, headers });
    const client = resumable(inner, quick);
    onTestFinished(() => client.dispose());
    const read = collect(client, subscriptions.jobStateChanged, { ids: [idFrom(first)] });
    await eventually(() => read.results.length).toBe(1);
    await renew();
    await eventually(() => asked).toBeGreaterThan(1);
    await emulator.move(first, { state: 'IN_PROGRESS' });
    await emulator.move(first, { state: 'COMPLETED' });
    await eventually(() => read.completions).toBe(1);
    const steps = read.results.map(({ data }) => data?.['jobStateChanged']);
    expect([steps[0], steps.at(-1)]).toMatchObject([{ state: 'WAITING' }, { state: 'COMPLETED' }]);
    expect(read.errors).toEqual([]);
  },
);

test('a token that is never renewed ends in an error after a few attempts', async () => {
  hurry();
  const { env, token, renew } = await renewableToken();
  const { emulator, port } = await oneGateway(env);
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  let asked = 0;
  const client = resumable(
    webSocketClient(`http://127.0.0.1:${port()}/graphql`, () => {
      asked += 1;
      return token();
    }),
    quick,
  );
  onTestFinished(() => client.dispose());
  const read = collect(client, subscriptions.jobStateChanged, { ids: dataExchange.map(idFrom) });
  await eventually(() => read.results.length).toBe(1);
  await renew(false);
  await eventually(() => read.errors.length).toBe(1);
  expect([read.errors, read.results.length]).toMatchObject([[{ code: 4403 }], 1]);
  expect(asked).toBeLessThanOrEqual(5);
});

/** Subscribes `count` times over one socket and cuts it `cuts` times, once all run. Returns the codes of the closes. */
async function reconnecting(count: number, cuts: number, env: Readonly<Record<string, string>>) {
  hurry();
  const tokens = await renewableToken();
  const { emulator, port } = await oneGateway({ ...tokens.env, ...env });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [first = ''] = dataExchange;
  const proxy = await RoughProxy.start(port);
  onTestFinished(() => proxy.close());
  const inner = createClient({
    url: proxy.url.replace('http', 'ws'),
    webSocketImpl: ImpatientWebSocket,
    retryAttempts: 0,
    generateID: () => crypto.randomUUID(),
    connectionParams: () => ({ authorization: `Bearer ${tokens.token()}` }),
  });
  const codes: unknown[] = [];
  inner.on('closed', (closing) => codes.push((closing as { code?: number }).code));
  const client = resumable(inner);
  onTestFinished(() => client.dispose());
  const readers = Array.from({ length: count }, () =>
    collect(client, subscriptions.jobStateChanged, { ids: [idFrom(first)] }),
  );
  const haveSeen = (events: number) => readers.filter(({ results }) => results.length >= events).length;
  await eventually(() => haveSeen(1), 60_000).toBe(count);
  for (let cut = 1; cut <= cuts; cut += 1) {
    proxy.cut('rst');
    await emulator.move(first, { state: cut % 2 === 0 ? 'WAITING' : 'IN_PROGRESS' });
    await eventually(() => haveSeen(1 + cut), 60_000).toBe(count);
  }
  expect(readers.flatMap(({ errors }) => errors)).toEqual([]);
  return codes;
}

test('fifty subscriptions reconnect three times in a row within the rate of messages', {
  timeout: 90_000,
}, async () => {
  expect(await reconnecting(50, 3, { WAYBILL_MAX_COST_PER_MINUTE: '1000000' })).toEqual([1006, 1006, 1006]);
});

/** Beyond fifty they begin at two a second. */
const many = process.env['WAYBILL_CLIENT_RUNS'] === undefined ? 60 : 120;

test(`${many} subscriptions over one socket all run, where the gateway admits so many`, {
  timeout: 90_000,
}, async () => {
  expect(await reconnecting(many, 0, { WAYBILL_MAX_OPERATIONS_PER_SOCKET: '150' })).toEqual([]);
});
