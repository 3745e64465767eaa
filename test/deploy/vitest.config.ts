/** Tests of `deploy/` with schemas and tools of others. Their files end in `.deploy.ts`, so that `npm test` needs none of them. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in ../../vitest.config.ts.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/deploy/**/*.deploy.ts'],
    // A Prometheus scrapes each second, and rates need a few scrapes.
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
