/** Unexpected errors in large numbers, and what the process logs of them. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { EmulatorControl } from '../../support/emulator-control.ts';
import { ask } from '../../support/gateway.ts';

const errors = 300;
const atOnce = 10;
const burst = 5_000;

/**
 * Loaded before the program: one id breaks the code that reads it, and on a signal a library logs faster than any
 * caller can cause.
 */
const fault = `process.on('SIGWINCH', () => {
  for (let count = 0; count < ${burst}; count += 1) console.error('planted '.repeat(100));
});
const from = Buffer.from;
Buffer.from = (...given) => {
  if (given[0] === 'broken') throw new TypeError('planted');
  return from.apply(Buffer, given);
};`;

interface Line {
  readonly time?: string;
  readonly msg: string;
  readonly linesLeftOut?: number;
  readonly bytes: number;
}

function linesOf(gateway: ChildGateway): readonly Line[] {
  const lines = gateway.stderr().trimEnd().split('\n');
  return lines.map((line) => ({ ...(JSON.parse(line) as Line), bytes: Buffer.byteLength(line) + 1 }));
}

function leftOutOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { linesLeftOut = 0 }) => sum + linesLeftOut, 0);
}

test('of thousands of errors only as many are logged as fit into each second, and the others are counted', {
  timeout: 60_000,
}, async () => {
  const nodeArgs = ['--import', `data:text/javascript,${encodeURIComponent(fault)}`];
  const gateway = await startChildGateway({}, { nodeArgs });
  const codes = new Set<unknown>();
  let failed = 0;
  const fail = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 1) {
      const { errors: [error] = [] } = await ask(gateway.url, '{ job(id: "broken") { id } }');
      const code = error?.extensions?.['code'];
      codes.add(code);
      if (code === 'INTERNAL_SERVER_ERROR') failed += 1;
    }
  };
  gateway.kill('SIGWINCH');
  await Promise.all(Array.from({ length: atOnce }, () => fail(errors / atOnce)));
  // On a busy machine some requests are shed before they can fail.
  codes.delete('OVERLOADED');
  expect(codes).toEqual(new Set(['INTERNAL_SERVER_ERROR']));
  // One line for the error, and one for its operation. The next second's first line reports how many were left out.
  const missingLines = async (): Promise<number> => {
    const lines = linesOf(gateway);
    const missing = burst + 2 * failed - lines.filter(({ msg }) => msg !== 'log').length - leftOutOf(lines);
    if (missing > 0) await fail(1);
    return missing;
  };
  await expect.poll(missingLines, { timeout: 10_000, interval: 500 }).toBe(0);
  const lines = linesOf(gateway);
  expect(leftOutOf(lines)).toBeGreaterThan(burst / 2);
  const bytesBySecond = new Map<string, number>();
  for (const { time = 'none', bytes } of lines) {
    const second = time.slice(0, 19);
    bytesBySecond.set(second, (bytesBySecond.get(second) ?? 0) + bytes);
  }
  expect(Math.max(...bytesBySecond.values())).toBeLessThan(1_000_000);
});

const page = '{ jobs(first: 5) { nodes { id state } } }';

/** Sends ten queries over a socket, and terminates it at the first answer. */
async function leaveAmidAnswers(url: string): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  for (let id = 0; id < 10; id += 1)
    socket.send(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query: page } }));
  await once(socket, 'message');
  socket.terminate();
}

test('clients that have disconnected before their answer cause no errors, and only the log line of their operation', async () => {
  const gateway = await startChildGateway();
  await new EmulatorControl(gateway.emulatorUrl).seed({ importExport: 5 });
  for (let round = 0; round < 20; round += 1)
    await Promise.all(Array.from({ length: 10 }, () => leaveAmidAnswers(gateway.url)));
  await ask(gateway.url, page);
  await gateway.stop();
  const lines = gateway.stderr().trimEnd().split('\n');
  // A fast machine does more operations in a second than the log takes lines, and counts what it leaves out.
  const others = lines.filter((line) => !line.startsWith('{"level":"info"') && !line.includes('"linesLeftOut"'));
  expect(others).toEqual([]);
});
