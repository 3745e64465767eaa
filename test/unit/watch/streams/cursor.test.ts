import { expect, test } from 'vitest';
import { signedText } from '../../../../src/base/signed-text.ts';
import { Cursors, type Position, scopeFrom } from '../../../../src/watch/streams/cursor.ts';
import { CursorJobs } from '../../../../src/watch/streams/cursor-jobs.ts';

const key = new Uint8Array(32).fill(7);
const cursors = new Cursors(key, { id: 'log' });
const scope = scopeFrom(['DATA_EXCHANGE:a', 'IMPORT_EXPORT:B']);

const ofStream = (position: Position): boolean => position.scope === scope;

/** The members of a cursor that most tests do not vary. */
const plain = { scope, audience: '', jobs: '', pending: [], gone: [] };

const invalid = expect.objectContaining({ code: 'CURSOR_INVALID' });

test.each([
  { ...plain, offset: 0 },
  { ...plain, offset: 12, audience: 'abc', jobs: 'defghi', pending: [0, 3, 99], gone: [1] },
])('a cursor is read back unchanged: %j', (position) => {
  expect(cursors.positionFrom(cursors.textFrom(position), ofStream)).toEqual({ log: 'log', ...position });
});

test('a cursor of a hundred jobs that are all pending fits into a header', () => {
  const pending = Array.from({ length: 100 }, (_, index) => index);
  const { audience, jobs } = new CursorJobs('caller', pending.map(String));
  expect(cursors.textFrom({ scope, audience, jobs, offset: 1_000_000, pending, gone: [] }).length).toBeLessThan(2_000);
});

test('a cursor needs no escaping in a URL, a header or a line of an event stream', () => {
  expect(cursors.textFrom({ ...plain, offset: 5, pending: [1] })).toMatch(/^[\w.-]+$/);
});

test('a change of any character of a cursor is detected', () => {
  const cursor = cursors.textFrom({ ...plain, offset: 5, pending: [1] });
  for (const [index, letter] of [...cursor].entries()) {
    const changed = `${cursor.slice(0, index)}${letter === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
    expect(positionOr(changed)).not.toMatchObject({ offset: expect.any(Number) });
  }
});

/** The last letter of Base64 has unused bits, and a changed log id is that of another process. */
function positionOr(cursor: string): unknown {
  try {
    const position = cursors.positionFrom(cursor, ofStream);
    return position?.offset === 5 && position.pending.join() === '1' ? 'unchanged' : position;
  } catch (error) {
    expect(error).toEqual(invalid);
    return 'refused';
  }
}

test.each([
  ['nothing', ''],
  ['a dot', '.'],
  ['no Base64', '%%%.%%%'],
  ['JSON null', `${Buffer.from('null').toString('base64url')}.x`],
  ['an additional member', `${encoded({ log: 'log', offset: 1, scope, admin: true })}.x`],
  ['a negative offset', `${encoded({ log: 'log', offset: -1, scope })}.x`],
  ['a fraction', `${encoded({ log: 'log', offset: 0.5, scope })}.x`],
  ['a thousand and one pending', `${encoded({ log: 'log', offset: 1, scope, pending: Array(1_001).fill(0) })}.x`],
  ['a megabyte', 'A'.repeat(1_000_000)],
])('text that no gateway made is refused: %s', (_what, text) => {
  expect(() => cursors.positionFrom(text, ofStream)).toThrow(invalid);
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

test('the cursor of another stream is refused', () => {
  const cursor = cursors.textFrom({ ...plain, offset: 5 });
  expect(() => cursors.positionFrom(cursor, (position) => position.scope === scopeFrom(['DATA_EXCHANGE:a']))).toThrow(
    invalid,
  );
});

test('a cursor with the same log and another key is refused', () => {
  const forged = new Cursors(new Uint8Array(32), { id: 'log' }).textFrom({ ...plain, offset: 5 });
  expect(() => cursors.positionFrom(forged, ofStream)).toThrow(invalid);
});

test('a cursor of a log that no longer exists has no position', () => {
  const old = new Cursors(key, { id: 'before' }).textFrom({ ...plain, offset: 5 });
  expect(cursors.positionFrom(old, ofStream)).toBeUndefined();
});

test('scopes of differently divided parts differ', () => {
  expect(scopeFrom(['a', 'b'])).not.toBe(scopeFrom(['ab', '']));
  expect(scopeFrom(['a', 'b'])).toBe(scopeFrom(['a', 'b']));
});

test('a cursor of an older gateway, which does not name its jobs, is valid for the same jobs only', () => {
  const keys = ['DATA_EXCHANGE:a', 'DATA_EXCHANGE:b', 'IMPORT_EXPORT:C'];
  const same = new CursorJobs('caller', keys);
  const old = signedText({ log: 'log', scope: same.scope, offset: 5, pending: [0], gone: [2] }, key);
  const position = cursors.positionFrom(old, (each) => same.mayResume(each));
  expect(position && [same.untoldIn(position), same.goneIn(position)]).toEqual([[keys[0]], [keys[2]]]);
  const others = [new CursorJobs('caller', keys.slice(1)), new CursorJobs('another', keys)];
  for (const other of others) expect(() => cursors.positionFrom(old, (each) => other.mayResume(each))).toThrow(invalid);
});

test('no event of a new job has been delivered, and pending and gone jobs keep their meaning at another index', () => {
  const before = new CursorJobs('caller', ['b', 'd', 'f']);
  const { scope: itsScope, audience, jobs } = before;
  const cursor = cursors.textFrom({ scope: itsScope, audience, jobs, offset: 5, pending: [1], gone: [2] });
  const after = new CursorJobs('caller', ['a', 'b', 'c', 'd', 'e', 'f']);
  const position = cursors.positionFrom(cursor, (each) => after.mayResume(each));
  expect(position && [after.untoldIn(position), after.goneIn(position)]).toEqual([['a', 'c', 'd', 'e'], ['f']]);
  const another = new CursorJobs('another', ['b', 'd']);
  expect(() => cursors.positionFrom(cursor, (each) => another.mayResume(each))).toThrow(invalid);
});
