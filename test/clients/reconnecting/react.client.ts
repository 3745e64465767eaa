/** The hooks, in React's strict mode in Chromium. */
import { join } from 'node:path';
import { build } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import { browserNeeded, hasBrowser, openPage } from '../../support/browser.ts';
import { ScriptedGateway } from './scripted-gateway.ts';

declare const renders: Record<string, number>;
declare const show: (what: 'nothing' | 'rows' | 'table') => void;

const here = import.meta.dirname;
const client = join(here, '../../../client/src');
const packages = join(here, '../node_modules');
const eventually = (actual: () => unknown) => expect.poll(actual, { timeout: 10_000, interval: 20 });

let script = '';

beforeAll(async () => {
  const { output } = await build({
    input: join(here, 'react-page.ts'),
    platform: 'browser',
    resolve: {
      alias: {
        'waybill-client/react': join(client, 'react.ts'),
        'waybill-client/store': join(client, 'store.ts'),
        'waybill-client': join(client, 'index.ts'),
        // One copy, as in an application.
        react: join(packages, 'react'),
        'react-dom': join(packages, 'react-dom'),
      },
    },
    transform: { define: { 'process.env.NODE_ENV': '"development"' } },
    output: { format: 'iife' },
    write: false,
    logLevel: 'silent',
  });
  script = output[0].code;
});

const job = (id: string, state: string) => ({
  __typename: 'DataExchangeJob',
  id,
  state,
  createdAt: '2026-01-01T00:00:00.000Z',
});

/** Answers lists with two jobs, and keeps streams open. */
async function start() {
  const gateway = await ScriptedGateway.start();
  gateway.onSubscribe = ({ payload, send }) => {
    if (!payload.query.startsWith('query')) return;
    const nodes = [job('b', 'WAITING'), job('a', 'WAITING')];
    const pageInfo = { hasNextPage: false, endCursor: null };
    send('next', { data: { jobs: { activityCursor: 'here', nodes, pageInfo, unavailableServices: [] } } });
    send('complete');
  };
  const { page } = await openPage();
  await page.goto(`${page.url()}#${gateway.url.replace('http', 'ws')}`);
  await page.addScriptTag({ content: script });
  const queries = (begin: string) => gateway.subscribed.filter(({ payload }) => payload.query.startsWith(begin)).length;
  return { gateway, page, queries, textOf: (id: string) => page.textContent(`#${id}`) };
}

test.skipIf(!hasBrowser)(`A row renders when its own job changes only${browserNeeded}`, async () => {
  const { gateway, page, queries, textOf } = await start();
  await eventually(() => textOf('a')).toBe('WAITING');
  await eventually(() => textOf('status')).toBe('live');
  // Strict mode subscribes, leaves and subscribes again.
  expect([queries('query'), queries('subscription')]).toEqual([1, 1]);
  await page.evaluate(() => show('rows'));
  await eventually(() => page.evaluate(() => renders['rows'])).toBe(2);
  const before = await page.evaluate(() => ({ ...renders }));
  gateway.last.event('one', { job: job('a', 'IN_PROGRESS') });
  await eventually(() => textOf('a')).toBe('IN_PROGRESS');
  gateway.last.event('two', { job: job('b', 'WAITING') });
  gateway.last.event('three', { job: job('a', 'COMPLETED') });
  await eventually(() => textOf('a')).toBe('COMPLETED');
  const after = await page.evaluate(() => ({ ...renders }));
  // Strict mode renders everything twice.
  expect(after).toEqual({ ...before, a: (before['a'] ?? 0) + 4 });
  expect([queries('query'), queries('subscription')]).toEqual([1, 1]);
});

test.skipIf(!hasBrowser)(`A page that shows no jobs any more reads none${browserNeeded}`, async () => {
  const { gateway, page, queries, textOf } = await start();
  await eventually(() => textOf('a')).toBe('WAITING');
  await eventually(() => gateway.running.size).toBe(1);
  gateway.last.event('one', { job: job('a', 'IN_PROGRESS') });
  await eventually(() => textOf('a')).toBe('IN_PROGRESS');
  await page.evaluate(() => show('nothing'));
  await eventually(() => gateway.running.size).toBe(0);
  await page.evaluate(() => show('table'));
  await eventually(() => gateway.running.size).toBe(1);
  expect([queries('query'), gateway.last.payload.variables]).toMatchObject([1, { after: 'one' }]);
  expect(await textOf('a')).toBe('IN_PROGRESS');
});
