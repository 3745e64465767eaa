/** Builds the board into static files that the gateway serves: `npm run build` makes `dist/board`. */
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { inputTypes } from './input-types.ts';

const client = join(import.meta.dirname, '..', 'client', 'src');

export default defineConfig({
  root: import.meta.dirname,
  // Relative addresses: the board works below any path that a proxy gives it.
  base: './',
  plugins: [inputTypes()],
  resolve: {
    alias: [
      { find: /^react$/, replacement: 'preact/compat' },
      { find: /^waybill-client$/, replacement: join(client, 'index.ts') },
      { find: /^waybill-client\/(\w+)$/, replacement: join(client, '$1.ts') },
    ],
  },
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'board'),
    emptyOutDir: true,
    // The content-security policy admits no inline script, and the polyfill would be one.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/graphql': { target: `http://127.0.0.1:${process.env['PORT'] ?? 4000}`, ws: true } } },
});
