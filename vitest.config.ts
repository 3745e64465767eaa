import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Vite would take graphql's `module` entry for our files while Node takes `main` for the libraries': two copies, each of
    // which refuses the other's errors.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Whole operations over real sockets: generous bounds that catch a hang and assert no speed.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Most of their time the tests wait. By default one core of two would stand idle.
    maxWorkers: 2,
  },
});
