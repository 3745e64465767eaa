/** A recipe of `docs/clients/` as its reader has it: built by Vite, served from an origin of its own, open in Chromium. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { extname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import { openBrowserPage } from '../../../support/browser.ts';
import { type ChildGateway, startChildGateway } from '../../../support/child-gateway.ts';
import type { EmulatorControl } from '../../../support/emulator-control.ts';
import { settingsOver, startLastingEmulator } from '../../../support/lasting-emulator.ts';
import { temporaryFolder, tokensFor } from '../../../support/token-file.ts';
import { waybillClient } from './waybill-client.ts';

export interface Recipe {
  readonly page: Page;
  readonly emulator: EmulatorControl;
  /** The gateway that runs now. */
  readonly gateway: () => ChildGateway;
  /** Starts the gateway again on its port and its data, after it has ended. */
  readonly restart: () => Promise<void>;
  /** What the page has logged as a warning or an error. */
  readonly complaints: readonly string[];
}

/** Opens the recipe in the folder `name` of `src`, over an emulator with `seeded` jobs, as somebody with a token. */
export async function openRecipe(name: string, seeded: { dataExchange?: number; importExport?: number }) {
  return openApplication(join(import.meta.dirname, '..', 'src', name), seeded);
}

/** The same for any Vite project with a `main.tsx`; `sources` is where it lies. */
export async function openApplication(
  sources: string,
  seeded: { dataExchange?: number; importExport?: number },
): Promise<Recipe> {
  const emulator = await startLastingEmulator();
  await emulator.seed(seeded);
  const origin = await serveFolder(() => folder);
  const tokens = await tokensFor({ somebody: ['jobs:read', 'jobs:write', 'catalog:read'] });
  const settings = {
    ...settingsOver(emulator.url),
    ...tokens.env,
    PORT: String(await freePort()),
    WAYBILL_DATA_DIR: await temporaryFolder(),
    WAYBILL_ALLOWED_ORIGINS: origin,
  };
  let gateway = await startChildGateway(settings);
  const folder = await built(sources, gateway.url);
  const { page, complaints } = await openBrowserPage();
  await page.addInitScript(`sessionStorage.setItem('token', ${JSON.stringify(tokens.tokenOf.somebody)})`);
  await page.goto(origin);
  return {
    page,
    emulator,
    complaints,
    gateway: () => gateway,
    restart: async () => {
      gateway = await startChildGateway(settings);
    },
  };
}

/** The folder that Vite has built `sources` into. */
async function built(sources: string, gatewayUrl: string): Promise<string> {
  const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  // Below the packages: Vite takes the one copy of React from beside its root.
  const root = await mkdtemp(join(cache, 'recipe-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await writeFile(
    join(root, 'index.html'),
    `<!doctype html><title>Jobs</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="${sources}/main.tsx"></script>`,
  );
  const outDir = join(root, 'dist');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [react()],
    resolve: { alias: waybillClient.alias, dedupe: [...waybillClient.dedupe] },
    define: { 'import.meta.env.VITE_WAYBILL_URL': JSON.stringify(gatewayUrl) },
    build: { outDir, minify: false },
  });
  return outDir;
}

const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the files of a folder from a port of its own. */
async function serveFolder(folder: () => string): Promise<string> {
  const server = createServer(async ({ url = '/' }, response) => {
    const file = url === '/' ? 'index.html' : url;
    const body = await readFile(join(folder(), file)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A gateway that is to come back has to know its port before. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
