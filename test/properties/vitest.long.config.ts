/** The properties and the model alone, tried for minutes instead of seconds: before a release, or every night. */
import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'test/properties/**/*.test.ts',
      'test/access/random-documents.test.ts',
      'test/cases/i/*.long.ts',
      'test/cases/i/model.test.ts',
      'test/cases/i/strangers-model.test.ts',
      'test/cases/o/distinct-keys.test.ts',
      'test/cases/s/canary.test.ts',
      'test/cases/t/interleavings.test.ts',
      'test/cases/t/random-walk.test.ts',
      'test/variety/**/*.test.ts',
      'test/watch/watcher-model.test.ts',
    ],
    provide: { isLongRun: true },
  },
});
