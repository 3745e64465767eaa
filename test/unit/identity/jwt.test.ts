import { createHmac } from 'node:crypto';
import { exportSPKI } from 'jose';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Authenticator, Unauthenticated } from '../../../src/identity/authenticator.ts';
import { authorizationFromPayload } from '../../../src/identity/authorization.ts';
import { createJwtAuthenticator } from '../../../src/identity/jwt.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Issuer, type IssuerKey, issuerKey, signed, startIssuer } from '../../support/issuer.ts';

const issuerName = 'https://issuer.example';
const audience = 'waybill';

let key: IssuerKey;
let issuer: Issuer;
let clock: FakeClock;
let lines: string[];
let jwt: Authenticator;

beforeAll(async () => {
  key = await issuerKey('first');
});

beforeEach(async () => {
  issuer = await startIssuer(key);
  clock = new FakeClock();
  lines = [];
  jwt = createJwtAuthenticator({
    issuer: issuerName,
    audience,
    jwksUrl: issuer.url,
    clock,
    log: (line) => lines.push(line),
  });
});

afterEach(async () => {
  jwt.close();
  await issuer.close();
});

type Claims = Readonly<Record<string, unknown>>;

const seconds = (): number => Math.floor(clock.now() / 1_000);

/** Claims of a token that is valid for an hour, with `changes`; a claim that is undefined there is left out. */
const claims = (changes: Claims = {}): Claims => {
  const all = { iss: issuerName, aud: audience, sub: 'ada', exp: seconds() + 3_600, scope: 'jobs:read', ...changes };
  return JSON.parse(JSON.stringify(all));
};

const tokenWith = (changes: Claims = {}): Promise<string> => signed(key, claims(changes));

const outcomeOf = (token: string): Promise<string> =>
  jwt.authenticate(`Bearer ${token}`).then(
    ({ name }) => `${name} is authenticated`,
    (error: unknown) => (error instanceof Unauthenticated ? `${error.reason}: ${error.message}` : String(error)),
  );

const refused = (reason: string): string => `${reason}: Expected a valid bearer token.`;

/** Advances the clock, with real pauses for the sockets, until `work` is done. */
async function whileTimePasses<T>(work: Promise<T>, stepMs = 100): Promise<T> {
  let isDone = false;
  const end = (): void => {
    isDone = true;
  };
  work.then(end, end);
  await vi.waitUntil(
    async () => {
      if (!isDone) await clock.advance(stepMs);
      return isDone;
    },
    { interval: 5, timeout: 15_000 },
  );
  return work;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a token of the issuer authenticates its subject', async () => {
  const token = await tokenWith({ scope: 'jobs:read openid jobs:write', exp: seconds() + 60 });
  expect(await jwt.authenticate(`Bearer ${token}`)).toEqual({
    name: 'ada',
    id: 'jwt:["https://issuer.example","ada"]',
    scopes: new Set(['jobs:read', 'jobs:write']),
    expiresAt: clock.now() + 60_000,
  });
});

test.each<{ claimChanges: Claims; scopes: string[] }>([
  { claimChanges: { scope: 'schema:read jobs:secrets' }, scopes: ['schema:read', 'jobs:secrets'] },
  { claimChanges: { scope: undefined, scp: ['jobs:read', 'other', 7] }, scopes: ['jobs:read'] },
  { claimChanges: { scope: undefined, scp: 'jobs:read jobs:write' }, scopes: ['jobs:read', 'jobs:write'] },
  { claimChanges: { scope: 'jobs:read', scp: ['jobs:write'] }, scopes: ['jobs:read'] },
  { claimChanges: { scope: undefined }, scopes: [] },
  { claimChanges: { scope: 'JOBS:READ jobs:* jobs:read,jobs:write' }, scopes: [] },
  { claimChanges: { scope: { 'jobs:read': true } }, scopes: [] },
  { claimChanges: { scope: undefined, scopes: ['jobs:read'], roles: ['jobs:read'] }, scopes: [] },
  { claimChanges: { scope: '__proto__ constructor' }, scopes: [] },
])('the claims $claimChanges give the scopes $scopes', async ({ claimChanges, scopes }) => {
  const caller = await jwt.authenticate(`Bearer ${await tokenWith(claimChanges)}`);
  expect([...caller.scopes]).toEqual(scopes);
});

test.each(['RS256', 'PS384', 'ES512', 'EdDSA'])('a token signed with %s is accepted', async (alg) => {
  const other = await issuerKey('other', alg);
  issuer.keys.push(other);
  expect(await outcomeOf(await signed(other, claims()))).toBe('ada is authenticated');
});

test.each<{ what: string; changes: Claims; reason: string }>([
  { what: 'for another audience', changes: { aud: 'billing' }, reason: 'unknown' },
  { what: 'for a list of other audiences', changes: { aud: ['billing', 'waybill2'] }, reason: 'unknown' },
  { what: 'for no audience', changes: { aud: undefined }, reason: 'unknown' },
  { what: 'of another issuer', changes: { iss: 'https://issuer.example/' }, reason: 'unknown' },
  { what: 'of no issuer', changes: { iss: undefined }, reason: 'unknown' },
  { what: 'without exp', changes: { exp: undefined }, reason: 'unknown' },
  { what: 'whose exp is a string', changes: { exp: '9999999999' }, reason: 'unknown' },
  { what: 'without a subject', changes: { sub: undefined }, reason: 'unknown' },
  { what: 'of an empty subject', changes: { sub: '' }, reason: 'unknown' },
  { what: 'of a subject that is a list', changes: { sub: ['ada'] }, reason: 'unknown' },
  { what: 'that expired long ago', changes: { exp: 1_000_000_000 }, reason: 'expired' },
  { what: 'that begins in an hour', changes: { nbf: 1_767_229_200 }, reason: 'unknown' },
])('a token $what is refused despite its valid signature', async ({ changes, reason }) => {
  expect(await outcomeOf(await tokenWith(changes))).toBe(refused(reason));
});

test('a token is accepted up to 60 s before or after its time, and refused at 61 s', async () => {
  const start = seconds();
  const token = await tokenWith({ nbf: start, exp: start + 1 });
  // By the issuer's clock the token is valid from `start` until just before `start + 1`.
  const at = (offset: number): void => void Object.assign(clock, { now: () => (start + offset) * 1_000 });
  at(-61);
  expect(await outcomeOf(token)).toBe(refused('unknown'));
  at(-60);
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  at(60.999);
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  at(61);
  expect(await outcomeOf(token)).toBe(refused('expired'));
});

test('rights in use end with the token, and those of a token that arrives after its end with the tolerance', async () => {
  const token = await tokenWith({ exp: seconds() + 30 });
  const early = await jwt.authenticate(`Bearer ${token}`);
  await clock.advance(29_999);
  expect(jwt.current(early)).toBe(early);
  await clock.advance(1);
  expect(jwt.current(early)).toBeUndefined();
  const late = await jwt.authenticate(`Bearer ${token}`);
  expect(jwt.current(late)).toBe(late);
  await clock.advance(60_000);
  expect(jwt.current(late)).toBeUndefined();
  expect(await outcomeOf(token)).toBe(refused('expired'));
});

test('other members of a payload do not change the caller of its token', async () => {
  const token = await tokenWith({ user: 'bob', name: 'bob', caller: { id: 'bob' } });
  const payload = {
    authorization: `Bearer ${token}`,
    sub: 'bob',
    user: 'bob',
    scopes: ['jobs:write'],
    caller: { id: 'bob' },
  };
  const caller = await jwt.authenticate(authorizationFromPayload(payload));
  expect([caller.name, caller.id, [...caller.scopes]]).toEqual([
    'ada',
    'jwt:["https://issuer.example","ada"]',
    ['jobs:read'],
  ]);
});

test('an unsigned token, or one signed with public data, is refused without a fetch', async () => {
  const body = encoded(claims());
  const none = ['none', 'None', 'NONE', ''].map((alg) => `${encoded({ alg, kid: 'first' })}.${body}.`);
  expect(await Promise.all(none.map(outcomeOf))).toEqual(['unknown', 'unknown', 'unknown', 'malformed'].map(refused));
  const rsa = await issuerKey('rsa', 'RS256');
  issuer.keys.push(rsa);
  const input = `${encoded({ alg: 'HS256', kid: 'rsa' })}.${body}`;
  const secrets = [await exportSPKI(rsa.publicKey), JSON.stringify(rsa.jwk), ''];
  for (const secret of secrets) {
    const token = `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    expect(await outcomeOf(token)).toBe(refused('unknown'));
  }
  expect(issuer.requests).toEqual([]);
});

test('a token that was changed after signing is refused', async () => {
  const [header = '', , signature = ''] = (await tokenWith()).split('.');
  const claimed = encoded(claims({ scope: 'jobs:write' }));
  expect(await outcomeOf(`${header}.${claimed}.${signature}`)).toBe(refused('unknown'));
  const other = encoded({ alg: 'ES384', kid: 'first' });
  expect(await whileTimePasses(outcomeOf(`${other}.${encoded(claims())}.${signature}`))).toBe(refused('unknown'));
});

test('a key that the token contains or points to is not used', async () => {
  const mine = await issuerKey('first');
  const elsewhere = await startIssuer(mine);
  const url = elsewhere.url.href;
  const headers = [{ jku: url }, { x5u: url }, { jwk: mine.jwk }, { x5c: ['MIIB'] }, { jku: url, kid: url }];
  for (const header of headers) {
    const outcome = outcomeOf(await signed(mine, claims(), header));
    expect(await whileTimePasses(outcome)).toBe(refused('unknown'));
  }
  expect(elsewhere.requests).toEqual([]);
  expect(new Set(issuer.requests)).toEqual(new Set(['/keys']));
  await elsewhere.close();
});

test.each(['../../etc/passwd', "' OR 1=1 --", '/dev/null', '', '__proto__', 'first\0', 'http://127.0.0.1:1/'])(
  'a token with the unknown key id %j is refused',
  async (kid) => {
    const mine = await issuerKey('first');
    expect(await whileTimePasses(outcomeOf(await signed(mine, claims(), { kid })))).toBe(refused('unknown'));
    expect(new Set(issuer.requests)).toEqual(new Set(['/keys']));
  },
);

test('a token without a key id is refused without a fetch', async () => {
  expect(await outcomeOf(await signed(key, claims(), { kid: undefined as never }))).toBe(refused('unknown'));
  expect(issuer.requests).toEqual([]);
});

test.each([
  ['no dots', 'abc'],
  ['two parts', 'a.b'],
  ['five parts', 'a.b.c.d.e'],
  ['a header that is not JSON', `${Buffer.from('{').toString('base64url')}.e30.AA`],
  ['a header that is a list', `${encoded([])}.e30.AA`],
  ['an empty header', '.e30.AA'],
  ['8 kB and more', `${encoded({ alg: 'ES256', kid: 'first' })}.${'a'.repeat(8_192)}.AA`],
])('a token of %s is malformed, and causes no fetch', async (_, token) => {
  expect(await outcomeOf(token)).toBe(refused('malformed'));
  expect(issuer.requests).toEqual([]);
});

test('a token with an unknown critical header is refused', async () => {
  const token = await tokenWith();
  const [, body = '', signature = ''] = token.split('.');
  const header = encoded({ alg: 'ES256', kid: 'first', crit: ['waybill'], waybill: true });
  expect(await outcomeOf(`${header}.${body}.${signature}`)).toBe(refused('unknown'));
});

test('while the key set is down the last keys are used for 10 minutes and no longer, and new ones once it is up', async () => {
  const token = await tokenWith();
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  issuer.answer = (_, response) => response.writeHead(500).end('secret of the issuer');
  await clock.advance(600_000);
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  await vi.waitFor(() =>
    expect(lines).toEqual([`${issuer.url.href}: the keys could not be fetched: expected status 200, received 500`]),
  );
  await clock.advance(1);
  expect(await whileTimePasses(outcomeOf(token))).toBe(refused('unavailable'));
  issuer.answer = undefined;
  await clock.advance(1_000);
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  expect(lines.slice(1)).toEqual([`${issuer.url.href}: the keys were fetched again`]);
});

test('keys in use are fetched again after five minutes, in the background', async () => {
  const token = await tokenWith();
  await outcomeOf(token);
  await clock.advance(300_000);
  await outcomeOf(token);
  expect(issuer.requests).toHaveLength(1);
  issuer.keys.splice(0, 1, await issuerKey('second'));
  await clock.advance(1);
  expect(await outcomeOf(token)).toBe('ada is authenticated');
  await vi.waitFor(() => expect(issuer.requests).toHaveLength(2));
  await vi.waitFor(async () => expect(await whileTimePasses(outcomeOf(token))).toBe(refused('unknown')));
});

test.each<{ how: string; answer: Issuer['answer'] }>([
  { how: 'answers 404', answer: (_, response) => response.writeHead(404).end() },
  {
    how: 'redirects',
    answer: ({ url }, response) => response.writeHead(302, { location: `${url}?again` }).end(),
  },
  { how: 'does not answer JSON', answer: (_, response) => response.end('<html>') },
  { how: 'does not answer a key set', answer: (_, response) => response.end('{"keys": {"first": 1}}') },
  { how: 'answers more than 1 MiB', answer: (_, response) => response.end(`{"keys": []}${' '.repeat(1_048_576)}`) },
  { how: 'breaks off', answer: ({ socket }) => void socket.destroy() },
  { how: 'never answers', answer: () => {} },
  { how: 'never ends its answer', answer: (_, response) => void response.write('{"keys": [') },
])('while the key set $how no token is accepted', async ({ answer }) => {
  issuer.answer = answer;
  expect(await whileTimePasses(outcomeOf(await tokenWith()))).toBe(refused('unavailable'));
  expect(lines).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/keys: the keys could not be fetched: [\w :,.]+$/),
  ]);
  expect(issuer.requests).toEqual(['/keys']);
});

test('while keys are rotated under load no token is refused, and the issuer gets at most one request a second', async () => {
  const keys = [key, ...(await Promise.all(['second', 'third', 'fourth'].map((kid) => issuerKey(kid))))];
  const startedAt = clock.now();
  const outcomes: Promise<string>[] = [];
  for (const [index, next] of keys.entries()) {
    // Published just before its first use, beside the previous key, as issuers do.
    issuer.keys.splice(0, issuer.keys.length, ...keys.slice(Math.max(0, index - 1), index + 1));
    const tokens = await Promise.all(Array.from({ length: 50 }, (_, of) => signed(next, claims({ sub: `u${of}` }))));
    const batch = tokens.map(outcomeOf);
    outcomes.push(...batch);
    await whileTimePasses(Promise.all(batch));
  }
  expect(new Set((await Promise.all(outcomes)).map((outcome) => outcome.replace(/^u\d+ /, '')))).toEqual(
    new Set(['is authenticated']),
  );
  expect(issuer.requests).toHaveLength(keys.length);
  expect(clock.now() - startedAt).toBeGreaterThanOrEqual((keys.length - 1) * 1_000);
});

test('a key that is published during a fetch is found by the next fetch', async () => {
  const next = await issuerKey('second');
  let isPublished = (): void => {};
  const published = new Promise<void>((resolve) => {
    isPublished = resolve;
  });
  const stale = JSON.stringify({ keys: [key.jwk] });
  issuer.answer = (_, response) => void published.then(() => response.end(stale));
  const first = outcomeOf(await tokenWith());
  await vi.waitFor(() => expect(issuer.requests).toHaveLength(1));
  issuer.keys.push(next);
  const second = outcomeOf(await signed(next, claims()));
  issuer.answer = undefined;
  isPublished();
  expect(await whileTimePasses(Promise.all([first, second]))).toEqual(['ada is authenticated', 'ada is authenticated']);
});

test('only one fetch runs at a time, so that older keys cannot replace newer ones', async () => {
  const startedAt: number[] = [];
  issuer.answer = () => void startedAt.push(clock.now());
  const first = outcomeOf(await tokenWith());
  await vi.waitFor(() => expect(startedAt).toHaveLength(1));
  const second = outcomeOf(await tokenWith());
  expect(await whileTimePasses(Promise.all([first, second]))).toEqual([refused('unavailable'), refused('unavailable')]);
  const [one = 0, two = 0] = startedAt;
  // The first times out after two seconds; the second could have begun after one.
  expect(two - one).toBeGreaterThanOrEqual(2_000);
});

test('made-up key ids cause at most one request a second and delay no valid token', async () => {
  const token = await tokenWith();
  await outcomeOf(token);
  const startedAt = clock.now();
  const mine = await issuerKey('mine');
  const fakes = await Promise.all(
    Array.from({ length: 200 }, (_, of) => signed(mine, claims({ sub: 'eve' }), { kid: `made-up-${of}` })),
  );
  const outcomes: Promise<string>[] = [];
  for (const fake of fakes) {
    outcomes.push(outcomeOf(fake));
    await clock.advance(20);
    expect(await outcomeOf(token)).toBe('ada is authenticated');
  }
  expect(new Set(await whileTimePasses(Promise.all(outcomes)))).toEqual(new Set([refused('unknown')]));
  expect(issuer.requests.length).toBeLessThanOrEqual(2 + (clock.now() - startedAt) / 1_000);
});

test('after close no token is accepted and no timer remains', async () => {
  const token = await tokenWith();
  await outcomeOf(token);
  const fake = outcomeOf(await signed(await issuerKey('mine'), claims()));
  jwt.close();
  expect(await fake).toBe(refused('unavailable'));
  expect(await outcomeOf(token)).toBe(refused('unavailable'));
  expect(clock.pendingTimers).toBe(0);
});

test.each([
  'http://issuer.example/keys',
  'http://127.0.0.1.example/keys',
  'http://10.0.0.1/keys',
  'file:///keys',
  'https://user:word@issuer.example/',
])('a key set at %s, which others could change, stops the start', (url) => {
  const options = { issuer: issuerName, audience, jwksUrl: new URL(url), clock, log: () => {} };
  expect(() => createJwtAuthenticator(options)).toThrow(
    'expected the key set at an https URL, or on a loopback address, without user or password',
  );
});

test.each(['https://issuer.example/keys', 'http://localhost:1/keys', 'http://[::1]:1/keys', 'http://127.0.0.2:1/keys'])(
  'a key set at %s is accepted',
  (url) => {
    createJwtAuthenticator({ issuer: issuerName, audience, jwksUrl: new URL(url), clock, log: () => {} }).close();
  },
);
