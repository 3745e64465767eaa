import { defineConfig } from 'vitest/config';

/** The layers, each a folder: what its tests need, and what they may cost. CONTRIBUTING.md says what is run where. */
function layer(name: string, maxWorkers: number, groupOrder: number, globalSetup: readonly string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      maxWorkers,
      sequence: { groupOrder },
      globalSetup: [...globalSetup],
    },
  };
}

const builtProgram = ['test/support/built-program.ts'];

export default defineConfig({
  resolve: {
    // Vite would take graphql's `module` entry for our files while Node takes `main` for the libraries': two copies, each of
    // which refuses the other's errors.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // Whole operations over real sockets: generous bounds that catch a hang and assert no speed.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      // No gateway.
      layer('unit', 2, 0),
      // A gateway in the test's own process.
      layer('gateway', 2, 0),
      // Gateways as processes, browsers, a Redis: they wait more than they compute, so more of them run beside each other.
      layer('process', 3, 1, builtProgram),
      // Properties, models and long walks: they compute.
      layer('model', 2, 2, builtProgram),
    ],
  },
});
