/** In Chromium: networks that come and go, and a mutation that waits for one. */
import { join } from 'node:path';
import { build } from 'rolldown';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { browserNeeded, hasBrowser, openPage } from '../../support/browser.ts';
import type { PageApi } from './page.ts';
import { RoughProxy } from './rough-proxy.ts';
import { ScriptedGateway } from './scripted-gateway.ts';
import { portOf } from './worlds.ts';

declare const api: PageApi;

const here = import.meta.dirname;
const query = 'subscription ($after: String) { jobActivity(after: $after) { __typename cursor } }';
const mutation = 'mutation { cancelJob(id: "a") { job { id } } }';
const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 10_000, interval: 20 });

let script = '';

beforeAll(async () => {
  const { output } = await build({
    input: join(here, 'page.ts'),
    platform: 'browser',
    resolve: { alias: { 'waybill-client': join(here, '../../../client/src/index.ts') } },
    output: { format: 'iife' },
    write: false,
    logLevel: 'silent',
  });
  script = output[0].code;
});

async function open() {
  const gateway = await ScriptedGateway.start();
  const proxy = await RoughProxy.start(() => portOf(gateway));
  onTestFinished(() => proxy.close());
  const { page } = await openPage();
  await page.addScriptTag({ content: script });
  return { gateway, proxy, page, url: proxy.url.replace('http', 'ws') };
}

test.skipIf(!hasBrowser)(
  `A page without a network says so, and with it reconnects at once${browserNeeded}`,
  async () => {
    const { gateway, proxy, page, url } = await open();
    await page.evaluate(
      ([address, text]) => {
        api.connect(address);
        api.subscribe(text);
      },
      [url, query] as const,
    );
    await eventually(() => gateway.running.size).toBe(1);
    gateway.last.event('one');
    await eventually(() => page.evaluate(() => api.read)).toEqual(['one']);
    // From now on an attempt after a wait would come in minutes.
    await page.evaluate(() => {
      Math.random = () => 1_000;
    });
    await page.context().setOffline(true);
    // On a busy machine the page learns it later: a connection that is lost before that is only lost.
    await eventually(() => page.evaluate(() => navigator.onLine)).toBe(false);
    proxy.cut('rst');
    await eventually(() => page.evaluate(() => api.shown.at(-1))).toBe('offline');
    await page.context().setOffline(false);
    await eventually(() => gateway.subscribed.length).toBe(2);
    expect(gateway.last.payload.variables).toEqual({ after: 'one' });
    await eventually(() => page.evaluate(() => api.shown)).toEqual(['live', 'offline', 'catching-up', 'live']);
    expect(await page.evaluate(() => api.read)).toEqual(['one']);
  },
);

test.skipIf(!hasBrowser)(`A mutation waits for the first connection, and is sent once${browserNeeded}`, async () => {
  const { gateway, proxy, page, url } = await open();
  gateway.onSubscribe = ({ send }) => {
    send('next', { data: { cancelJob: { cursor: 'done' } } });
    send('complete');
  };
  proxy.mode = 'refuse';
  await page.evaluate(
    ([address, text]) => {
      Math.random = () => 0.05;
      api.connect(address);
      api.subscribe(text);
    },
    [url, mutation] as const,
  );
  await eventually(() => proxy.connections).toBeGreaterThan(2);
  proxy.mode = 'pass';
  await eventually(() => page.evaluate(() => api.read)).toEqual(['done', 'complete']);
  expect(gateway.subscribed).toHaveLength(1);
});

test.skipIf(!hasBrowser)(`The key of a create outlives a reload of its page${browserNeeded}`, async () => {
  const { page } = await open();
  const keys: string[] = [];
  await page.exposeFunction('told', (key: string) => void keys.push(key));
  const create = (isAnswered: boolean) =>
    page.evaluate(
      ([answered]) => {
        const told: (key: string) => Promise<void> = Reflect.get(globalThis, 'told');
        const send = async (key: string) => {
          await told(key);
          return answered ? { data: {} } : new Promise<never>(() => {});
        };
        const created = api.createOnce('export', send);
        return answered ? created.then(() => {}) : undefined;
      },
      [isAnswered] as const,
    );
  await create(false);
  await eventually(() => keys.length).toBe(1);
  await page.reload();
  await page.addScriptTag({ content: script });
  await create(true);
  await create(true);
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});
