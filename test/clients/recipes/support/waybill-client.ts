/** Where `waybill-client` is in this repository, for Vite and Vitest. */
import { join } from 'node:path';

const sources = join(import.meta.dirname, '..', '..', '..', '..', 'client', 'src');

export const waybillClient = {
  alias: [
    { find: /^waybill-client$/, replacement: join(sources, 'index.ts') },
    { find: /^waybill-client\/(\w+)$/, replacement: join(sources, '$1.ts') },
  ],
  /** One copy each, as in an application that installs the client beside its library. */
  dedupe: ['react', 'react-dom', 'graphql', 'graphql-ws'],
};
