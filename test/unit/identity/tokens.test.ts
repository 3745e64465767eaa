import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tokenCommand } from '../../../src/cli/token.ts';
import { type Authenticator, createOpenAuthenticator, Unauthenticated } from '../../../src/identity/authenticator.ts';
import { hasScope, type Scope, scopes } from '../../../src/identity/caller.ts';
import { createTokenAuthenticator } from '../../../src/identity/token-authenticator.ts';
import { addToken, removeToken } from '../../../src/identity/token-changes.ts';
import { hashOf } from '../../../src/identity/token-file.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let folder: string;
let path: string;
let clock: FakeClock;
let lines: string[];
let opened: Authenticator[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-tokens-'));
  path = join(folder, 'tokens.json');
  clock = new FakeClock();
  lines = [];
  opened = [];
});

afterEach(() => {
  for (const openAuthenticator of opened) openAuthenticator.close();
  expect(clock.pendingTimers).toBe(0);
  rmSync(folder, { recursive: true });
});

function openAuthenticator(): Authenticator {
  const made = createTokenAuthenticator({ path, clock, log: (line) => lines.push(line) });
  opened.push(made);
  return made;
}

const add = (name: string, allowed: readonly Scope[] = ['jobs:read'], expiresAt?: string): Promise<string> =>
  addToken(path, { name, scopes: allowed, ...(expiresAt !== undefined && { expiresAt }) });

const content = (): { tokens: Record<string, unknown>[] } => JSON.parse(readFileSync(path, 'utf8'));

function rewrite(change: (tokens: Record<string, unknown>[]) => unknown): void {
  writeFileSync(path, JSON.stringify({ tokens: change(content().tokens) }));
}

const reasonOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Unauthenticated ? error.reason : String(error)),
  );

/** The faults that stop the start. */
function faultsOf(text: string): string {
  writeFileSync(path, text);
  try {
    openAuthenticator();
    return 'none';
  } catch (error) {
    return String(error).replaceAll(`${path}: `, '');
  }
}

test('an added token authenticates its name with exactly its scopes', async () => {
  const token = await add('dashboards', ['jobs:read', 'schema:read'], '2027-01-01T00:00:00.000Z');
  const caller = await openAuthenticator().authenticate(`Bearer ${token}`);
  expect(caller).toEqual({
    name: 'dashboards',
    id: 'token:dashboards',
    scopes: new Set(['jobs:read', 'schema:read']),
    expiresAt: Date.parse('2027-01-01'),
  });
  expect(scopes.filter((scope) => hasScope(caller, scope))).toEqual(['jobs:read', 'schema:read']);
});

test('a token is 256 random bits, and the file contains only its hash and is readable only by its owner', async () => {
  const [first, second] = [await add('a'), await add('b')];
  expect([first, second]).toEqual([expect.stringMatching(/^wbt_[\w-]{43}$/), expect.stringMatching(/^wbt_[\w-]{43}$/)]);
  expect(first).not.toBe(second);
  expect(readFileSync(path, 'utf8')).not.toContain(first.slice(4));
  expect(content().tokens[0]).toEqual({ name: 'a', hash: hashOf(first), scopes: ['jobs:read'] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['tokens.json']);
});

test('a token that differs in a letter is unknown', async () => {
  const token = await add('a');
  const tokens = openAuthenticator();
  const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  expect(await reasonOf(tokens.authenticate(`Bearer ${other}`))).toBe('unknown');
  expect(await reasonOf(tokens.authenticate(`Bearer ${token.toUpperCase()}`))).toBe('unknown');
  expect(await reasonOf(tokens.authenticate(`Bearer ${hashOf(token).slice(7)}`))).toBe('unknown');
  expect(await reasonOf(tokens.authenticate(undefined))).toBe('missing');
  expect(await reasonOf(tokens.authenticate(`Basic ${token}`))).toBe('malformed');
});

test('a password whose hash is in the file is not accepted', async () => {
  writeFileSync(path, JSON.stringify({ tokens: [{ name: 'a', hash: hashOf('hunter2'), scopes: ['jobs:read'] }] }));
  expect(await reasonOf(openAuthenticator().authenticate('Bearer hunter2'))).toBe('unknown');
});

test('a token is valid until its last millisecond, and so is its caller', async () => {
  const token = await add('a', ['jobs:read'], '2026-01-01T00:00:10Z');
  const tokens = openAuthenticator();
  await clock.advance(9_999);
  const caller = await tokens.authenticate(`Bearer ${token}`);
  expect(tokens.current(caller)).toBe(caller);
  await clock.advance(1);
  expect(tokens.current(caller)).toBeUndefined();
  expect(await reasonOf(tokens.authenticate(`Bearer ${token}`))).toBe('expired');
});

test('a removed token is refused within five seconds, and listeners are notified', async () => {
  const token = await add('a');
  const kept = await add('b');
  const tokens = openAuthenticator();
  const [caller, other] = [await tokens.authenticate(`Bearer ${token}`), await tokens.authenticate(`Bearer ${kept}`)];
  let changes = 0;
  const stop = tokens.onChange(() => {
    changes += 1;
  });
  await clock.advance(3_000);
  expect(changes).toBe(0);
  await removeToken(path, 'a');
  await clock.advance(5_000);
  expect(changes).toBe(1);
  expect(tokens.current(caller)).toBeUndefined();
  expect(tokens.current(other)).toEqual(other);
  expect(await reasonOf(tokens.authenticate(`Bearer ${token}`))).toBe('unknown');
  stop();
  await removeToken(path, 'b');
  await clock.advance(5_000);
  expect(changes).toBe(1);
});

test('a reused name does not keep the old token valid', async () => {
  const token = await add('a');
  const tokens = openAuthenticator();
  const caller = await tokens.authenticate(`Bearer ${token}`);
  await removeToken(path, 'a');
  const next = await add('a');
  await clock.advance(5_000);
  expect(tokens.current(caller)).toBeUndefined();
  expect(await reasonOf(tokens.authenticate(`Bearer ${token}`))).toBe('unknown');
  expect((await tokens.authenticate(`Bearer ${next}`)).id).toBe(caller.id);
});

test('reduced or shortened rights take effect for connected callers within five seconds', async () => {
  const token = await add('a', ['jobs:read', 'jobs:write']);
  const tokens = openAuthenticator();
  const caller = await tokens.authenticate(`Bearer ${token}`);
  rewrite(([entry]) => [{ ...entry, scopes: ['jobs:read'], expiresAt: '2026-01-01T00:00:20Z' }]);
  await clock.advance(5_000);
  expect(tokens.current(caller)).toEqual({
    ...caller,
    scopes: new Set(['jobs:read']),
    expiresAt: Date.parse('2026-01-01T00:00:20Z'),
  });
  rewrite(([entry]) => [{ ...entry, scopes: [] }]);
  await clock.advance(5_000);
  expect(tokens.current(caller)?.scopes).toEqual(new Set());
});

test('a change of the same length at the same time is detected', async () => {
  const token = await add('a');
  const tokens = openAuthenticator();
  const before = statSync(path);
  rewrite(([entry]) => [{ ...entry, name: 'z' }]);
  await clock.advance(1_000);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"z"', '"y"'));
  expect(before.ino).toBe(statSync(path).ino);
  await clock.advance(1_000);
  expect((await tokens.authenticate(`Bearer ${token}`)).name).toBe('y');
});

test('a copy of a caller has no rights', async () => {
  const token = await add('a');
  const tokens = openAuthenticator();
  const caller = await tokens.authenticate(`Bearer ${token}`);
  expect(tokens.current({ ...caller })).toBeUndefined();
});

test.each([
  { how: 'is not JSON', spoil: () => writeFileSync(path, '{"tokens": [') },
  { how: 'has a fault', spoil: () => rewrite(([entry]) => [{ ...entry, scopes: ['jobs:all'] }]) },
  { how: 'is missing', spoil: () => rmSync(path) },
])(
  'a file that $how at one read changes nothing, and at two reads ends every right until it is valid again',
  async ({ spoil }) => {
    const token = await add('a');
    const good = readFileSync(path, 'utf8');
    const tokens = openAuthenticator();
    const caller = await tokens.authenticate(`Bearer ${token}`);
    const present: boolean[] = [];
    tokens.onChange(() => present.push(tokens.current(caller) !== undefined));

    spoil();
    await clock.advance(1_000);
    writeFileSync(path, good);
    expect(await tokens.authenticate(`Bearer ${token}`)).toBe(caller);
    await clock.advance(1_000);
    expect(present).toEqual([]);

    spoil();
    await clock.advance(5_000);
    expect(present).toEqual([false]);
    expect(await reasonOf(tokens.authenticate(`Bearer ${token}`))).toBe('unavailable');

    writeFileSync(path, good);
    await clock.advance(1_000);
    expect(present).toEqual([false, true]);
    expect((await tokens.authenticate(`Bearer ${token}`)).name).toBe('a');
    expect(lines).toEqual([
      expect.stringMatching(/: .*; its previous content stays valid until the next read$/),
      expect.stringMatching(/: valid again, tokens: 1$/),
      expect.stringMatching(/: .*; its previous content stays valid until the next read$/),
      expect.stringMatching(/: .*; every token is refused until the file is valid$/),
      expect.stringMatching(/: valid again, tokens: 1$/),
    ]);
    expect(lines.join()).not.toContain(hashOf(token).slice(7));
  },
);

test('after close every token is refused', async () => {
  const token = await add('a');
  const tokens = openAuthenticator();
  const caller = await tokens.authenticate(`Bearer ${token}`);
  tokens.close();
  expect(tokens.current(caller)).toBeUndefined();
  expect(await reasonOf(tokens.authenticate(`Bearer ${token}`))).toBe('unavailable');
});

test('a file that other users may write to is logged, one that they may read is not', async () => {
  await add('a');
  await chmod(path, 0o644);
  openAuthenticator();
  expect(lines).toEqual([]);
  await chmod(path, 0o664);
  openAuthenticator();
  expect(lines).toEqual([`${path}: users other than its owner may write to it and grant themselves any scope`]);
});

test('every fault of a file is named, and none shows a hash or a token', () => {
  const hash = hashOf('a');
  const token = `wbt_${'t'.repeat(43)}`;
  const tokens = [
    { name: 'two words', hash: token, scopes: ['jobs:all'] },
    { name: token, hash: 'md5:abc', scopes: 'jobs:read', expiresAt: 'tomorrow' },
    { name: 'late', hash, scopes: [7], expiresAt: '2027-02-30' },
    { name: 'local', hash, scopes: [], expiresAt: '2027-01-01T00:00:00', expiresat: '2027-01-01' },
    'wbt_secret',
  ];
  expect(faultsOf(JSON.stringify({ tokens, extra: 1 }))).toMatchInlineSnapshot(`
    "TokenFileError: tokens[0].name: expected 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or a digit, and no token, received "two words"
    tokens[0].hash: expected sha256: and 43 characters of base64url, received 47 other characters
    tokens[0].scopes[0]: expected one of jobs:read, jobs:write, jobs:secrets, catalog:read, catalog:write, schema:read, received "jobs:all"
    tokens[1].name: expected 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or a digit, and no token, received something that is not shown here
    tokens[1].hash: expected sha256: and 43 characters of base64url, received 7 other characters
    tokens[1].scopes: expected a list of scopes, received "jobs:read"
    tokens[1].expiresAt: expected a date such as 2027-01-01, or an instant such as 2027-01-01T12:00:00Z, received "tomorrow"
    tokens[2].scopes[0]: expected one of jobs:read, jobs:write, jobs:secrets, catalog:read, catalog:write, schema:read, received 7
    tokens[2].expiresAt: expected a date such as 2027-01-01, or an instant such as 2027-01-01T12:00:00Z, received "2027-02-30"
    tokens[3].expiresAt: expected a date such as 2027-01-01, or an instant such as 2027-01-01T12:00:00Z, received "2027-01-01T00:00:00"
    tokens[3]: expected no member "expiresat"
    tokens[4]: expected an object with name, hash and scopes, received something that is not shown here
    the file: expected no member "extra""
  `);
});

test('two entries of one name or one token are a fault', () => {
  const hash = hashOf('a');
  const tokens = [
    { name: 'a', hash, scopes: [] },
    { name: 'a', hash: hashOf('b'), scopes: [] },
    { name: 'b', hash, scopes: [] },
  ];
  expect(faultsOf(JSON.stringify({ tokens }))).toMatchInlineSnapshot(`
    "TokenFileError: tokens[1].name: expected a name of its own, received that of another token
    tokens[2].hash: expected a hash of its own, received that of another token"
  `);
});

test.each([
  ['', 'expected JSON'],
  ['null', 'the file: expected an object with the member tokens, received null'],
  ['[]', 'the file: expected an object with the member tokens, received a list'],
  ['{}', 'tokens: expected a list of at most 10000 tokens, received nothing'],
  ['{"__proto__": {"tokens": []}}', 'tokens: expected a list of at most 10000 tokens, received nothing'],
])('a file of %j stops the start', (text, fault) => {
  expect(faultsOf(text)).toContain(fault);
});

test('a missing file stops the start', () => {
  expect(openAuthenticator).toThrow(`${path}: could not be read (ENOENT)`);
});

test('the command adds a token that works and shows it once, lists and removes it', async () => {
  const run = (...argv: string[]) => tokenCommand(argv, { path, clock });
  const [line, , token = ''] = await run(
    ...'add --name ci --scopes jobs:read,jobs:write --expires 2027-01-01'.split(' '),
  );
  expect(line).toBe('ci may jobs:read, jobs:write, until 2027-01-01T00:00:00.000Z.');
  expect((await openAuthenticator().authenticate(`Bearer ${token}`)).name).toBe('ci');
  expect(await run('list')).toEqual(['ci: jobs:read, jobs:write, until 2027-01-01T00:00:00.000Z']);
  expect(await run('remove', '--name', 'ci')).toHaveLength(1);
  expect(await run('list')).toEqual([`${path} has no tokens.`]);
});

test.each([
  ['', 'expected one of'],
  ['revoke --name a', 'received revoke'],
  ['add', '--name: expected 1 to 64 letters'],
  [
    'add --name a',
    '--scopes: expected some of jobs:read,jobs:write,jobs:secrets,catalog:read,catalog:write,schema:read, received nothing',
  ],
  ['add --name ../a --scopes jobs:read', 'received "../a"'],
  ['add --name a --scopes jobs:read,jobs:all', 'received "jobs:read,jobs:all"'],
  ['add --name a --scopes ,', 'received ","'],
  ['add --name a --scopes jobs:read --expires 2027-02-30', '--expires: expected a date such as 2027-01-01'],
  ['add --name a --scopes jobs:read --expires 2027-01-01T00:00:00', '--expires: expected a date'],
  ['add --name a --scopes jobs:read --expires 2026-01-01', 'to come, received "2026-01-01"'],
  ['add --name a --scopes jobs:read --expire 2027-01-01', "Unknown option '--expire'"],
  ['add --name taken --scopes jobs:read', 'expected a new name, received taken, which has a token'],
  ['remove --name a', 'no token has the name a'],
])('the command refuses `%s` and leaves the file as it was', async (words, message) => {
  await add('taken');
  const before = readFileSync(path, 'utf8');
  const argv = words.split(' ').filter((word) => word !== '');
  await expect(tokenCommand(argv, { path, clock })).rejects.toThrow(message);
  expect(readFileSync(path, 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['tokens.json']);
});

test('of twenty simultaneous commands none undoes another: each succeeds or is refused with the path of the lock', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
  const results = await Promise.allSettled(names.map((name) => add(name)));
  const done = names.filter((_, index) => results[index]?.status === 'fulfilled');
  expect(done.length).toBeGreaterThan(0);
  expect(
    content()
      .tokens.map(({ name }) => name)
      .toSorted(),
  ).toEqual(done.toSorted());
  for (const result of results) if (result.status === 'rejected') expect(String(result.reason)).toContain('.new');
});

test('a faulty file is not overwritten', async () => {
  writeFileSync(path, '{"tokens": [{"name": "a"}]}');
  await expect(add('b')).rejects.toThrow('tokens[0].hash: expected sha256: and 43 characters of base64url');
  expect(readFileSync(path, 'utf8')).toBe('{"tokens": [{"name": "a"}]}');
});

test('a symbolic link to the file stays a link', async () => {
  const real = join(folder, 'real.json');
  writeFileSync(real, '{"tokens": []}');
  symlinkSync(real, path);
  await add('a');
  expect(readFileSync(real, 'utf8')).toContain('"a"');
});

test('the file keeps its owner when another user adds a token', async () => {
  await add('a');
  // Only root can change the owner; for other users the owner stays the same.
  const { uid, gid } = statSync(path);
  const owner = uid === 0 ? 12_345 : uid;
  chownSync(path, owner, gid);
  await add('b');
  expect(statSync(path).uid).toBe(owner);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('without authentication every caller has every scope', async () => {
  const open = createOpenAuthenticator();
  const caller = await open.authenticate('Bearer of anything');
  expect(scopes.every((scope) => hasScope(caller, scope))).toBe(true);
  expect(open.current(caller)).toBe(caller);
});
