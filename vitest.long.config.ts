/** Only the properties, the models, killed processes and failovers, for minutes instead of seconds: before a release, or every night. */
import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

export default defineConfig({
  ...(base.resolve && { resolve: base.resolve }),
  test: {
    maxWorkers: 2,
    // Each bound catches a hang; the properties that take minutes have their own.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/built-program.ts'],
    setupFiles: ['test/support/counterexamples.ts'],
    include: [
      'test/model/**/*.{test,long}.ts',
      'test/gateway/emulator-variety/*.test.ts',
      'test/process/log/planted-secrets.test.ts',
      'test/process/memory/distinct-keys.test.ts',
      'test/unit/emulator/variety*.test.ts',
    ],
    provide: { isLongRun: true },
  },
});
