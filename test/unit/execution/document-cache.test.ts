import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { documentCache } from '../../../src/execution/document-cache.ts';

test('of a million documents the cache keeps the 128 used last', () => {
  const { documentCache: cache } = documentCache();
  const document = parse('{ a }');
  for (let index = 0; index < 1_000_000; index += 1) {
    cache.set(`{ a${index} }`, document);
    cache.get('{ a0 }');
  }
  expect(cache.get('{ a0 }')).toBe(document);
  expect(cache.get('{ a999999 }')).toBe(document);
  expect(cache.get('{ a1 }')).toBeUndefined();
  const kept = Array.from({ length: 1_000_000 }, (_, index) => cache.get(`{ a${index} }`)).filter(Boolean);
  expect(kept).toHaveLength(128);
});

test('the cache keeps neither long documents nor errors', () => {
  const { documentCache: cache, errorCache } = documentCache();
  const long = `{ a } #${'x'.repeat(20_000)}`;
  cache.set(long, parse(long));
  expect(cache.get(long)).toBeUndefined();
  errorCache.set();
  expect(errorCache.get()).toBeUndefined();
});
