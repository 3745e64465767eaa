import { defineConfig } from 'vitest/config';

/** The layers, each a folder: what its tests need, and what they may cost. CONTRIBUTING.md says what is run where. */
function layer(name: string, { maxWorkers, groupOrder, isolate, globalSetup = [] }: LayerOptions) {
  return {
    extends: true as const,
    test: {
      name,
      isolate,
      include: [`test/${name}/**/*.test.ts`],
      maxWorkers,
      sequence: { groupOrder },
      globalSetup: [...globalSetup],
      setupFiles: ['test/support/seed.ts'],
    },
  };
}

interface LayerOptions {
  readonly maxWorkers: number;
  /** Layers of one number run beside each other; then those of the next. */
  readonly groupOrder: number;
  /** Whether each file loads the program anew. Where a test keeps nothing in its modules, loading once for all takes two minutes off. */
  readonly isolate: boolean;
  readonly globalSetup?: readonly string[];
}

const globalSetup = ['test/support/built-program.ts'];

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
    expect: { poll: { timeout: 10_000 } },
    // Files as they were transformed, by their content: CI runs the tests on three versions of Node, and each layer by itself.
    experimental: { fsModuleCache: true },
    // Of thousands of tests with processes, browsers and a garbage collector, one may be unlucky on a busy machine. Where main is
    // guarded it has a second try, and the reporter marks it; at a desk it fails at once, so that it is mended.
    retry: process.env['CI'] === undefined ? 0 : 1,
    projects: [
      // No gateway.
      layer('unit', { maxWorkers: 3, groupOrder: 0, isolate: false }),
      // A gateway in the test's own process.
      layer('gateway', { maxWorkers: 3, groupOrder: 0, isolate: false }),
      // Gateways as processes, browsers, a Redis: they wait more than they compute, so more of them run beside each other.
      layer('process', { maxWorkers: 3, groupOrder: 1, isolate: true, globalSetup }),
      // Properties, models and long walks: they compute.
      layer('model', { maxWorkers: 2, groupOrder: 2, isolate: true, globalSetup }),
    ],
  },
});
