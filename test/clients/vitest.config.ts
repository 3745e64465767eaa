/** Tests of client libraries and tools. Their files end in `.client.ts`, so that `npm test` needs none of these packages. */
import { defineConfig } from 'vitest/config';
import { waybillClient } from './recipes/support/waybill-client.ts';

export default defineConfig({
  resolve: waybillClient,
  test: {
    include: ['test/clients/**/*.client.ts'],
    globalSetup: ['test/support/built-program.ts'],
    // By default one fewer than there are cores; the tools spend much of their time on starting.
    maxWorkers: 2,
    // Compilers and routers take seconds to start, and under load ten times as long; the bound catches hangs.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // As in ../../vitest.config.ts.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
