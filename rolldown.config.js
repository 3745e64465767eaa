/**
 * Bundles the program with its packages: a start reads four files instead of 1,900, in half the processor time, and runs exactly the
 * versions that were tested. What only some settings need stays in files of its own.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig } from 'rolldown';

/** Built for each platform. */
const native = 'classic-level';

/** Installed by those who want traces; `prom-client` has its own copy of the interfaces. */
function isOptional(id, importer) {
  return id.startsWith('@opentelemetry/') && !importer?.includes('/node_modules/');
}

/** GraphiQL's page is 9 MB of text, which most gateways never send: it is copied as it is, and loaded for the first browser. */
const graphiqlPage = {
  name: 'graphiql-page',
  resolveId: (id, importer) =>
    id === './graphiql.js' && importer?.includes('/@graphql-yoga/render-graphiql/')
      ? { id: './graphiql-page.js', external: 'relative' }
      : null,
  buildStart() {
    const { resolve } = createRequire(import.meta.url);
    const source = readFileSync(resolve('@graphql-yoga/render-graphiql').replace('/cjs/index.js', '/esm/graphiql.js'));
    this.emitFile({ type: 'asset', fileName: 'graphiql-page.js', source });
  },
};

export default defineConfig(({ watch }) => ({
  input: 'src/main.ts',
  platform: 'node',
  external: (id, importer) => id === native || isOptional(id, importer),
  plugins: [graphiqlPage],
  // While `npm run dev` watches, the folder stays: Node restarts no program whose file was deleted, even if it is back (20.20.2).
  output: { dir: 'dist', format: 'esm', sourcemap: true, cleanDir: !watch, chunkFileNames: '[name].js' },
}));
