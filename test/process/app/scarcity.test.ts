/** The gateway without file descriptors, without a destination for its log, or short of memory. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { ask } from '../../support/gateway.ts';
import { preload } from '../../support/preload.ts';

async function statusOf({ url }: ChildGateway, path: string): Promise<number | undefined> {
  const answer = await fetch(new URL(path, url)).catch(() => undefined);
  await answer?.text();
  return answer?.status;
}

const greeting = { data: { __typename: 'Query' } };

/** Processor time that the process has used, in hundredths of a second (proc(5), `utime` and `stime`). */
function processorTimeOf({ pid }: ChildGateway): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

test('with no descriptor left it neither exits nor spins, and serves again when there are some', async () => {
  const gateway = await startChildGateway();
  execFileSync('prlimit', [`--pid=${gateway.pid}`, '--nofile=100']);
  const { port, hostname } = new URL(gateway.url);
  const sockets: Socket[] = [];
  for (let made = 0; made < 400; made += 1) sockets.push(connect(Number(port), hostname).on('error', () => {}));
  const refused = () => sockets.filter(({ closed }) => closed).length;
  await expect.poll(refused, { timeout: 5_000 }).toBeGreaterThan(100);
  const before = processorTimeOf(gateway);
  await sleep(1_000);
  expect(processorTimeOf(gateway) - before).toBeLessThan(50);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => ask(gateway.url, '{ __typename }').catch(() => undefined)).toEqual(greeting);
  expect(await statusOf(gateway, '/readyz')).toBe(200);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});

const lostLogs: readonly [string, string, (gateway: ChildGateway) => void][] = [
  ['on a full disk', 'exec 2>/dev/full', () => {}],
  ['into a closed pipe', ':', ({ stopListening }) => stopListening()],
  ['to a closed stderr', 'exec 2>&-', () => {}],
];

test.each(lostLogs)('a log %s is lost, and operations are still answered', async (_, shell, lose) => {
  const gateway = await startChildGateway({}, { shell });
  lose(gateway);
  for (let index = 0; index < 5; index += 1) expect(await ask(gateway.url, '{ __typename }')).toEqual(greeting);
  expect(await ask(gateway.url, '{ nothing }')).toMatchObject({ errors: [{ extensions: expect.anything() }] });
  expect(await statusOf(gateway, '/readyz')).toBe(200);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});

test('the number of lost lines is logged once the log can be written again', async () => {
  const shut = preload(`import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    const { writevSync } = fs;
    let isShut = false;
    process.on('SIGWINCH', () => { isShut = !isShut; });
    fs.writevSync = (fd, ...rest) => { if (fd === 2 && isShut) throw new Error('ENOSPC'); return writevSync(fd, ...rest); };
    syncBuiltinESMExports();`);
  const gateway = await startChildGateway({}, { nodeArgs: shut });
  gateway.kill('SIGWINCH');
  await sleep(100);
  for (let index = 0; index < 3; index += 1) await ask(gateway.url, '{ __typename }');
  // Lines that are not urgent are written a moment later.
  await sleep(100);
  gateway.kill('SIGWINCH');
  await sleep(100);
  await ask(gateway.url, '{ __typename }');
  await expect
    .poll(gateway.stderr)
    .toMatch(/^\{"level":"warn","msg":"log","linesLost":3\}\n\{"level":"info",[^\n]*\}\n$/);
});

/** From SIGWINCH to SIGCONT nearly all of its memory is in use. */
const hoard = preload(`import { getHeapStatistics } from 'node:v8';
  let held = [];
  process.on('SIGWINCH', () => {
    while (getHeapStatistics().used_heap_size < 140 * 2 ** 20) held.push(new Array(20_000).fill(Math.random()));
  });
  process.on('SIGCONT', () => { held = []; });`);

test('it refuses operations before its memory runs out, and admits them again when there is some', async () => {
  const gateway = await startChildGateway({}, { nodeArgs: ['--max-old-space-size=150', ...hoard] });
  expect(await statusOf(gateway, '/readyz')).toBe(200);
  gateway.kill('SIGWINCH');
  await expect.poll(() => statusOf(gateway, '/readyz'), { timeout: 10_000 }).toBe(503);
  expect(await ask(gateway.url, '{ __typename }')).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
  expect(await statusOf(gateway, '/livez')).toBe(200);
  gateway.kill('SIGCONT');
  await expect.poll(() => statusOf(gateway, '/readyz'), { timeout: 40_000, interval: 250 }).toBe(200);
  expect(await ask(gateway.url, '{ __typename }')).toEqual(greeting);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
}, 90_000);
