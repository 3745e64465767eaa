import { expect, test } from 'vitest';
import { Cursors, scopeFrom } from '../../../../src/watch/streams/cursor.ts';

const key = new Uint8Array(32).fill(7);
const cursors = new Cursors(key, { id: 'log' });
const scope = scopeFrom(['DATA_EXCHANGE:a', 'IMPORT_EXPORT:B']);

const invalid = expect.objectContaining({ code: 'CURSOR_INVALID' });

test.each([
  { scope, offset: 0, pending: [], gone: [] },
  { scope, offset: 12, pending: [0, 3, 99], gone: [] },
])('a cursor is read back unchanged: %j', (position) => {
  expect(cursors.positionFrom(cursors.textFrom(position), scope)).toEqual({ log: 'log', ...position });
});

test('a cursor of a hundred jobs that are all pending fits into a header', () => {
  const pending = Array.from({ length: 100 }, (_, index) => index);
  expect(cursors.textFrom({ scope, offset: 1_000_000, pending, gone: [] }).length).toBeLessThan(1_000);
});

test('a cursor needs no escaping in a URL, a header or a line of an event stream', () => {
  expect(cursors.textFrom({ scope, offset: 5, pending: [1], gone: [] })).toMatch(/^[\w.-]+$/);
});

test('a change of any character of a cursor is detected', () => {
  const cursor = cursors.textFrom({ scope, offset: 5, pending: [1], gone: [] });
  for (const [index, letter] of [...cursor].entries()) {
    const changed = `${cursor.slice(0, index)}${letter === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
    expect(positionOr(changed)).not.toMatchObject({ offset: expect.any(Number) });
  }
});

/** The last letter of Base64 has unused bits, and a changed log id is that of another process. */
function positionOr(cursor: string): unknown {
  try {
    const position = cursors.positionFrom(cursor, scope);
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
  expect(() => cursors.positionFrom(text, scope)).toThrow(invalid);
});

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

test('the cursor of another stream is refused', () => {
  const cursor = cursors.textFrom({ scope, offset: 5, pending: [], gone: [] });
  expect(() => cursors.positionFrom(cursor, scopeFrom(['DATA_EXCHANGE:a']))).toThrow(invalid);
});

test('a cursor with the same log and another key is refused', () => {
  const forged = new Cursors(new Uint8Array(32), { id: 'log' }).textFrom({ scope, offset: 5, pending: [], gone: [] });
  expect(() => cursors.positionFrom(forged, scope)).toThrow(invalid);
});

test('a cursor of a log that no longer exists has no position', () => {
  const old = new Cursors(key, { id: 'before' }).textFrom({ scope, offset: 5, pending: [], gone: [] });
  expect(cursors.positionFrom(old, scope)).toBeUndefined();
});

test('scopes of differently divided parts differ', () => {
  expect(scopeFrom(['a', 'b'])).not.toBe(scopeFrom(['ab', '']));
  expect(scopeFrom(['a', 'b'])).toBe(scopeFrom(['a', 'b']));
});
