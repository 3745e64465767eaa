/** Tests of client libraries and tools. Their files end in `.client.ts`, so that `npm test` needs none of these packages. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/clients/**/*.client.ts'],
    globalSetup: ['test/support/built-program.ts'],
    // Compilers and routers take seconds to start; the bound catches hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
