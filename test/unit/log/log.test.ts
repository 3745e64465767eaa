/** Writes secrets to the log in every way and checks that it shows none. */
import { expect, test } from 'vitest';
import { scrubbed } from '../../../src/base/scrub.ts';
import { Secret } from '../../../src/base/secret.ts';
import { createLog, type Log } from '../../../src/log/log.ts';
import { unexpected } from '../../../src/log/unexpected.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Planted, secrets, secretsByForm, shownIn } from '../../support/planted-secrets.ts';

interface LogFixture {
  readonly log: Log;
  readonly clock: FakeClock;
  readonly text: () => string;
}

function startLog(): LogFixture {
  const clock = new FakeClock();
  const lines: string[] = [];
  return {
    log: createLog({ level: 'debug', clock, write: (line) => lines.push(line) }),
    clock,
    text: () => lines.join(''),
  };
}

/** The places where a careless program may log a secret. */
const places: readonly [string, (logger: Log['logger'], value: string) => void][] = [
  ['the message', (logger, value) => logger.info(value)],
  ['the middle of a message', (logger, value) => logger.info(`could not use ${value}, so went on`)],
  ['an argument of a message', (logger, value) => logger.info('%s %j %o', value, { value }, [value])],
  ...Array.from({ length: 8 }, (_, depth): [string, (logger: Log['logger'], value: string) => void] => [
    `depth ${depth + 1}`,
    (logger, value) => logger.info(nested(value, depth + 1)),
  ]),
  ['an array', (logger, value) => logger.info({ list: [[value], { value }] })],
  ['a Map', (logger, value) => logger.info({ map: new Map([[value, value]]) })],
  ['a Set', (logger, value) => logger.info({ set: new Set([value]) })],
  ['a class', (logger, value) => logger.info({ held: new Holder(value) })],
  ['bytes', (logger, value) => logger.info({ bytes: Buffer.from(value), view: new Uint8Array(Buffer.from(value)) })],
  ['an error', (logger, value) => logger.error(new Error(`no ${value}`))],
  ['an error under a name', (logger, value) => logger.error({ err: new TypeError(value), failure: new Error(value) })],
  [
    'a chain of causes',
    (logger, value) => logger.error({ err: new Error('a', { cause: new Error(value, { cause: value }) }) }),
  ],
  ['a message that looks like frames', (logger, value) => logger.error(new Error(`a\n    at ${value}`))],
  ['a name', (logger, value) => logger.info({ [value]: 1, deep: { [value]: 1 } })],
  [
    'JSON in a string',
    (logger, value) => logger.info({ body: JSON.stringify({ value, deep: JSON.stringify({ value }) }) }),
  ],
  ['a form in a string', (logger, value) => logger.info({ body: new URLSearchParams({ Manifest: value }).toString() })],
  ['a wrapped secret', (logger, value) => logger.info({ secret: new Secret(value) }, `${new Secret(value)}`)],
];

/** A manifest with encoded line feeds, or a number in a form, still has its names. */
test.each(places)('a secret with a known form in %s is not logged', (_, write) => {
  for (const secret of secretsByForm) {
    const { log, text } = startLog();
    write(log.logger, secret.value);
    expect([secret.kind, text().split('\n').length, shownIn(text(), [secret])]).toEqual([secret.kind, 2, []]);
  }
});

test.each([
  'password',
  'Authorization',
  'COOKIE',
  'sessionToken',
  'trueCryptPassword',
  'aws_secret_access_key',
  'manifest',
  'pinCode',
])('a member named %s is not logged, whatever its value', (name) => {
  for (const value of ['any words', 4711, { first: 'any words' }, ['any words', 4711]])
    for (const record of [{ [name]: value }, { a: { b: { c: { [name]: value } } } }]) {
      const { log, text } = startLog();
      log.logger.info(record);
      expect(text()).not.toMatch(/any.words|4711/);
    }
  const { log, text } = startLog();
  const record = { [name]: 'any words' };
  log.logger.info(JSON.stringify(name === 'manifest' ? { deviceId: 'any words' } : record));
  if (name !== 'manifest') log.error(`${name}=any-words and on`);
  expect(text()).not.toMatch(/any.words/);
});

test.each<[string, (secret: Planted) => unknown]>([
  ['an error', ({ value }) => new Error(value)],
  ['an error of an error', ({ value }) => new Error('a', { cause: new Error(value, { cause: { value } }) })],
  ['an error with a secret name', ({ value }) => Object.assign(new Error('a'), { name: value })],
  ['an error with a forged stack', ({ value }) => new Error(`a\n    at ${value}\n    at b`)],
  ['a string', ({ value }) => value],
  ['an object', ({ value }) => ({ value, toJSON: () => value, toString: () => value })],
])('the description of %s that was thrown contains no secret of any kind', (_, thrown) => {
  for (const secret of secrets) expect(shownIn(unexpected(thrown(secret)))).toEqual([]);
});

test('the description of an unexpected error contains its stack', () => {
  expect(unexpected(new TypeError('planted message'))).toMatch(/^unexpected: TypeError\n {4}at .*log\.test\.ts/);
});

test.each([
  ['an address', 'GET https://bucket.s3.amazonaws.com/a?X-Amz-Date=1&X-Amz-Signature=00ff HTTP/1.1', '00ff'],
  ['an address, encoded', 'Referer: /login?next=https%3A%2F%2Fa.example%2F%3FX-Amz-Signature%3D00ff', '00ff'],
  ['an address of SigV2', '/?AWSAccessKeyId=x&Signature=00ff%3D&Expires=1', '00ff'],
  ['an address with a password', 'postgres://waybill:00ff@db.example/x', '00ff'],
  ['a fragment', 'https://a.example/cb#access_token=00ff&x=1', '00ff'],
])('the secret of %s is scrubbed', (_, text, secret) => {
  expect(scrubbed(text)).not.toContain(secret);
  expect(scrubbed(text)).toContain('[secret]');
});

test.each([
  'WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more',
  'HOST: expected a loopback address while WAYBILL_AUTH is none, received "0.0.0.0"',
  'tokens.json: valid again, tokens: 3',
  'unexpected: TypeError\n    at send (file:///srv/waybill/dist/backends/data-exchange/client.js:123:45)',
  'https://issuer.example/keys: the keys could not be fetched: the answer was 503',
  'listen EADDRINUSE: address already in use 192.168.100.200:4000',
])('a line without a secret is written unchanged (case %#)', (line) => {
  expect(scrubbed(line)).toBe(line);
});

const breaks = [
  '\n',
  '\r\n',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '\ud800',
  '"',
  '\\',
];

test.each(breaks.map((text) => [JSON.stringify(text), text]))('a record with %s is one line of JSON', (_, text) => {
  const { log, text: written } = startLog();
  log.error(`a${text}{"level":"info","msg":"forged"}${text}b`);
  const lines = written().split(/[\n\r\u0085\u2028\u2029]/);
  expect(lines).toEqual([expect.any(String), '']);
  expect(JSON.parse(lines[0] ?? '').msg).toMatch(/^a.*b$/su);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(lines[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\ufeff\ud800]/);
});

test.each([5_000, 30_000, 40_000, 2_000_000])('a record of %i characters is cut, and stays JSON', (length) => {
  const { log, text } = startLog();
  log.error(`${'word '.repeat(length / 5)}`);
  expect(text().length).toBeLessThan(4_200);
  expect(JSON.parse(text())).toMatchObject({ level: 'error', msg: 'the record was too long' });
});

test('a secret at the cut of a long record is not logged in part', () => {
  for (let before = 900; before < 1_100; before += 7) {
    const { log, text } = startLog();
    log.error(`${'word '.repeat(before / 5)} ${secrets[1]?.value} ${'word '.repeat(1_000)}`);
    expect(text()).not.toContain('wJpl');
  }
});

test('a thousand errors a second write less than a megabyte, and one line counts those left out', async () => {
  const { log, clock, text } = startLog();
  for (let error = 0; error < 1_000; error += 1) log.error(`unexpected: Error ${error} ${'frame '.repeat(500)}`);
  expect(Buffer.byteLength(text())).toBeLessThan(1_000_000);
  const kept = text().split('\n').length - 1;
  await clock.advance(1_000);
  log.error('after that');
  const records = text()
    .trimEnd()
    .split('\n')
    .slice(kept)
    .map((line) => JSON.parse(line));
  expect(records).toMatchObject([{ msg: 'log', linesLeftOut: 1_000 - kept }, { msg: 'after that' }]);
});

test('a flood of operations leaves budget for an error', () => {
  const { log, text } = startLog();
  const record = { transport: 'http', durationMs: 1, codes: ['UPSTREAM_TIMEOUT'] } as const;
  for (let count = 0; count < 10_000; count += 1) log.operation(record);
  log.error('the error');
  expect(text()).toContain('the error');
});

class Holder {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

function nested(value: string, depth: number): object {
  return depth === 0 ? { value } : { deeper: nested(value, depth - 1) };
}
