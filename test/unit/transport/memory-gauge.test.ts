import { expect, test } from 'vitest';
import { oldSpaceMiB } from '../../../src/transport/memory-gauge.ts';

test.each([
  ['', undefined],
  ['--max-semi-space-size=16', undefined],
  ['--enable-source-maps --max-old-space-size=320', 320],
  ['--max_old_space_size=320', 320],
  ['--max-old-space-size 320', 320],
  ['--max-old-space-size=320 --max-old-space-size=200', 200],
])('of the options %j the size of the old generation is %s', (options, size) => {
  expect(oldSpaceMiB(options)).toBe(size);
});
