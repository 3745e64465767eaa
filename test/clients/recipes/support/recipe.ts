/** A recipe of `docs/clients/` as its reader has it: built by Vite, served from an origin of its own, open in Chromium. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { openBrowserPage } from '../../../support/browser.ts';
import { type ChildGateway, startChildGateway } from '../../../support/child-gateway.ts';
import type { EmulatorControl } from '../../../support/emulator-control.ts';
import { freePort } from '../../../support/free-port.ts';
import { settingsOver, startLastingEmulator } from '../../../support/lasting-emulator.ts';
import { temporaryFolder, tokensFor } from '../../../support/token-file.ts';
import { compileRelay, makeProject } from './project.ts';

export interface Recipe {
  readonly page: Page;
  readonly emulator: EmulatorControl;
  /** The gateway that runs now. */
  readonly gateway: () => ChildGateway;
  /** Starts the gateway again on its port, after it has ended; on its data, unless `changes` say otherwise. */
  readonly restart: (changes?: Readonly<Record<string, string>>) => Promise<void>;
  /** What the page has logged as a warning or an error. */
  readonly complaints: readonly string[];
}

/** Opens the recipe in the folder `name` of `src`, over an emulator with `seeded` jobs, as somebody with a token. */
export async function openRecipe(
  name: string,
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
  const folder = await built(name, gateway.url);
  const { page, complaints } = await openBrowserPage();
  await page.addInitScript(`sessionStorage.setItem('token', ${JSON.stringify(tokens.tokenOf.somebody)})`);
  await page.goto(origin);
  return {
    page,
    emulator,
    complaints,
    gateway: () => gateway,
    restart: async (changes = {}) => {
      gateway = await startChildGateway({ ...settings, ...changes });
    },
  };
}

/** The folder that Vite has built the recipe into, in the mode in which libraries warn. */
async function built(name: string, gatewayUrl: string): Promise<string> {
  const project = await makeProject(name);
  if (name === 'relay') await compileRelay(project);
  const env = { VITE_WAYBILL_URL: gatewayUrl, NODE_ENV: 'development' };
  await project.run('vite/bin/vite.js', ['build', '--minify', 'false', '--logLevel', 'warn'], env);
  return join(project.folder, 'dist');
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
