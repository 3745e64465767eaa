import { GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { capErrors, defaultErrorLimits } from '../../../src/execution/error-limits.ts';

const bytesOf = (errors: readonly GraphQLError[]) => Buffer.byteLength(JSON.stringify({ errors }));

test('no error is told where there is none, and few short ones stay as they are', () => {
  const errors = [new GraphQLError('a'), new GraphQLError('b', { extensions: { code: 'C' } })];
  expect(capErrors([])).toEqual([]);
  expect(capErrors(errors)).toEqual(errors);
});

test.each(['a', 'é', '😀', '\u0001', '"'])('messages full of %j fit as well', (character) => {
  const errors = Array.from({ length: 100 }, () => new GraphQLError(character.repeat(5_000)));
  const told = capErrors(errors);
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(10);
  // Yoga adds the code of each.
  expect(
    bytesOf(told) + told.length * Buffer.byteLength('"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}'),
  ).toBeLessThanOrEqual(4_096);
  expect(told[0]?.message).not.toMatch(/[\uD800-\uDBFF]…$/);
  expect(told[0]?.message.endsWith('…')).toBe(true);
});

test('an error with many places keeps the first of them', () => {
  const nodes = parse('{ a }\n'.repeat(7)).definitions;
  const error = new GraphQLError('a', { nodes });
  expect(error.locations).toHaveLength(7);
  expect(capErrors([error])[0]?.locations).toEqual(error.locations?.slice(0, defaultErrorLimits.locations));
});

test('the cause of what nobody expected is kept for the mask, that of a wrong variable is not', () => {
  const originalError = new Error('unexpected');
  const [kept] = capErrors([new GraphQLError('a'.repeat(1_000), { originalError })]);
  expect(kept?.originalError).toBe(originalError);
  const [dropped] = capErrors([new GraphQLError('a', { originalError: new GraphQLError('b'.repeat(10_000)) })]);
  expect([dropped?.message, dropped?.originalError]).toEqual(['a', undefined]);
});
