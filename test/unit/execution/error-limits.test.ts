import { GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { capErrors, defaultErrorLimits } from '../../../src/execution/error-limits.ts';

const bytesOf = (errors: readonly GraphQLError[]) => Buffer.byteLength(JSON.stringify({ errors }));

test('An empty list stays empty, and a few short errors stay unchanged', () => {
  const errors = [new GraphQLError('a'), new GraphQLError('b', { extensions: { code: 'C' } })];
  expect(capErrors([])).toEqual([]);
  expect(capErrors(errors)).toEqual(errors);
});

test.each(['a', 'é', '😀', '\u0001', '"'])('Messages full of %j are cut to the limits', (character) => {
  const errors = Array.from({ length: 100 }, () => new GraphQLError(character.repeat(5_000)));
  const capped = capErrors(errors);
  expect(capped.length).toBeGreaterThan(0);
  expect(capped.length).toBeLessThanOrEqual(10);
  // Yoga adds a code to each error.
  expect(
    bytesOf(capped) + capped.length * Buffer.byteLength('"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}'),
  ).toBeLessThanOrEqual(4_096);
  expect(capped[0]?.message).not.toMatch(/[\uD800-\uDBFF]…$/);
  expect(capped[0]?.message.endsWith('…')).toBe(true);
});

test('An error with many locations keeps the first of them', () => {
  const nodes = parse('{ a }\n'.repeat(7)).definitions;
  const error = new GraphQLError('a', { nodes });
  expect(error.locations).toHaveLength(7);
  expect(capErrors([error])[0]?.locations).toEqual(error.locations?.slice(0, defaultErrorLimits.locations));
});

test('The cause of an unexpected error is kept for the mask, and that of an error in a variable is dropped', () => {
  const originalError = new Error('unexpected');
  const [kept] = capErrors([new GraphQLError('a'.repeat(1_000), { originalError })]);
  expect(kept?.originalError).toBe(originalError);
  const [dropped] = capErrors([new GraphQLError('a', { originalError: new GraphQLError('b'.repeat(10_000)) })]);
  expect([dropped?.message, dropped?.originalError]).toEqual(['a', undefined]);
});
