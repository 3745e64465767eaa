/** Processes: they end once the client is disposed, and go on where they were after they were suspended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'rolldown';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { RoughProxy } from './rough-proxy.ts';
import { acknowledge, ScriptedGateway } from './scripted-gateway.ts';
import { portOf } from './worlds.ts';

const here = import.meta.dirname;
const client = join(here, '../../../client/src');

/** The bundled programs, below `test/clients`, where they find their packages. */
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(here, '../node_modules/.waybill-'));
  await build({
    input: { leaving: join(here, 'leaving-process.ts'), reading: join(here, 'reading-process.ts') },
    external: ['graphql-ws', 'ws'],
    platform: 'node',
    resolve: { alias: { 'waybill-client': join(client, 'index.ts') } },
    output: { dir: folder, format: 'esm', entryFileNames: '[name].mjs' },
    logLevel: 'silent',
  });
  return () => rmSync(folder, { recursive: true });
});

function run(program: string, ...args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(folder, `${program}.mjs`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: once(child, 'close'), lines: () => text.split('\n').filter((line) => line !== '') };
}

test.each([
  { phase: 'idle', mode: 'pass', waitMs: 0 },
  { phase: 'open', mode: 'pass', waitMs: 100 },
  { phase: 'unacknowledged', mode: 'pass', waitMs: 700 },
  { phase: 'waiting', mode: 'refuse', waitMs: 1_500 },
] as const)('a process that disposes its client while it is $phase ends', async ({ phase, mode, waitMs }) => {
  const gateway = await ScriptedGateway.start();
  const proxy = await RoughProxy.start(() => portOf(gateway));
  onTestFinished(() => proxy.close());
  proxy.mode = mode;
  if (phase === 'unacknowledged') gateway.onInit = () => {};
  const { ended, lines } = run('leaving', proxy.url, phase, `${waitMs}`);
  expect(await ended).toEqual([0, null]);
  expect(lines()).toEqual(['complete', 'disposed']);
  await expect.poll(() => [gateway.running.size, gateway.sockets]).toEqual([0, 0]);
});

test.each([
  ['open', ['complete', 'disposed']],
  ['unsubscribed', ['disposed']],
])('a process that waits for the gateway to have room, and is %s, ends as well', async (phase, said) => {
  const gateway = await ScriptedGateway.start();
  gateway.onSubscribe = ({ send }) =>
    send('error', [{ message: 'Busy.', extensions: { code: 'OVERLOADED', retryAfterMs: 600_000 } }]);
  const { ended, lines } = run('leaving', gateway.url, phase, '300');
  expect(await ended).toEqual([0, null]);
  expect(lines()).toEqual(said);
});

test('a process that was suspended goes on behind its last event, over a new connection', async () => {
  const gateway = await ScriptedGateway.start();
  const { child, lines } = run('reading', gateway.url);
  await expect.poll(() => gateway.running.size, { timeout: 10_000 }).toBe(1);
  gateway.last.event('one');
  await expect.poll(lines).toEqual(['one']);
  child.kill('SIGSTOP');
  await sleep(100);
  // The gateway gives up a peer that answers nothing.
  gateway.onInit = acknowledge;
  gateway.last.socket.terminate();
  await sleep(1_500);
  child.kill('SIGCONT');
  await expect.poll(() => gateway.subscribed.length, { timeout: 10_000 }).toBe(2);
  expect(gateway.last.payload.variables).toEqual({ after: 'one' });
  gateway.last.event('two');
  await expect.poll(lines).toEqual(['one', 'two']);
});

test('a process whose connection dies silently while it is suspended goes on', { timeout: 30_000 }, async () => {
  const gateway = await ScriptedGateway.start();
  const proxy = await RoughProxy.start(() => portOf(gateway));
  onTestFinished(() => proxy.close());
  const { child, lines } = run('reading', proxy.url);
  await expect.poll(() => gateway.running.size, { timeout: 10_000 }).toBe(1);
  gateway.last.event('one');
  await expect.poll(lines).toEqual(['one']);
  child.kill('SIGSTOP');
  proxy.stall();
  await sleep(1_000);
  child.kill('SIGCONT');
  await expect.poll(() => gateway.subscribed.length, { timeout: 20_000 }).toBe(2);
  expect(gateway.last.payload.variables).toEqual({ after: 'one' });
});
