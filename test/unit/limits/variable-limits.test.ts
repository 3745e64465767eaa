import { expect, test } from 'vitest';
import { variableFault } from '../../../src/limits/variable-limits.ts';

const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a string of 50,000 bytes', { text: 'x'.repeat(50_000) }],
  ['25,000 characters of two bytes', { text: 'é'.repeat(25_000) }],
  ['1,000 ids', { ids: Array(1_000).fill('x') }],
  ['values 32 deep', { value: nested(32) }],
  ['many small values', Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`${index}`, 'x'.repeat(100)]))],
])('Variables with %s are accepted', (_title, variables) => {
  expect(variableFault(variables)).toBeUndefined();
});

test.each<[string, unknown, RegExp]>([
  ['a string of 50,001 bytes', { text: 'x'.repeat(50_001) }, /strings of at most 50000 bytes/],
  ['25,001 characters of two bytes', { text: 'é'.repeat(25_001) }, /strings of at most 50000 bytes/],
  ['a string within lists', { a: [[{ b: 'x'.repeat(60_000) }]] }, /strings of at most 50000 bytes/],
  ['1,001 elements', { ids: Array(1_001).fill('x') }, /lists of at most 1000 elements/],
  [
    '1,001 variables',
    Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [index, 1])),
    /lists of at most 1000/,
  ],
  ['values 33 deep', { value: nested(33) }, /values nested at most 32 deep/],
  ['values 100,000 deep', { value: deep(100_000) }, /values nested at most 32 deep/],
])('Variables with %s are refused', (_title, variables, reason) => {
  const fault = variableFault(variables);
  expect(fault?.message).toMatch(reason);
  expect(fault?.extensions).toEqual({ code: 'INVALID_INPUT', argument: 'variables', retryable: false });
});

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
