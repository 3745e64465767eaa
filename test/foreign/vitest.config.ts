/** Tests with foreign clients. Their files end in `.foreign.ts`, so that `npm test` needs neither them nor the CLI. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/foreign/**/*.foreign.ts'],
    env: { AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1' },
    // By default one fewer than there are cores; the AWS CLI waits between attempts.
    maxWorkers: 2,
    // The SDKs wait between attempts, and the AWS CLI takes a second to start; the bound catches hangs.
    testTimeout: 60_000,
    // As in ../../vitest.config.ts.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
