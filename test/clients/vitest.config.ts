/** Tests of client libraries and tools. Their files end in `.client.ts`, so that `npm test` needs none of these packages. */
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const client = join(import.meta.dirname, '..', '..', 'client', 'src');

export default defineConfig({
  resolve: {
    alias: [
      { find: /^waybill-client$/, replacement: join(client, 'index.ts') },
      { find: /^waybill-client\/(\w+)$/, replacement: join(client, '$1.ts') },
    ],
    // One copy each, as in an application that installs the client beside its library.
    dedupe: ['react', 'graphql-ws'],
  },
  test: {
    include: ['test/clients/**/*.client.ts'],
    globalSetup: ['test/support/built-program.ts'],
    // By default one fewer than there are cores; the tools spend much of their time on starting.
    maxWorkers: 2,
    // Compilers and routers take seconds to start, and under load ten times as long; the bound catches hangs.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
