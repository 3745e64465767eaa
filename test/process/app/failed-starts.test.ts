/** A failed start releases everything: the next one in the same process and folder succeeds. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/app/server.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { configFrom } from '../../../src/config/config.ts';
import { ampleMemory } from '../../support/ample-memory.ts';
import { ask, temporaryFolder } from '../../support/gateway.ts';

/** No program listens there (RFC 863's port, which this machine does not serve). */
const unusedAddress = '127.0.0.1:9';

/** The system's clock, with the number of its pending timers. */
function countingClock(): { readonly clock: Clock; readonly waiting: () => number } {
  const waiting = new Set<object>();
  const schedule: Clock['schedule'] = (callback, delayMs) => {
    const key = {};
    waiting.add(key);
    const cancel = systemClock.schedule(() => {
      waiting.delete(key);
      callback();
    }, delayMs);
    return () => {
      waiting.delete(key);
      cancel();
    };
  };
  return { clock: { ...systemClock, schedule }, waiting: () => waiting.size };
}

const start = (env: Readonly<Record<string, string>>, clock: Clock = systemClock) =>
  startServer({ config: configFrom({ PORT: '0', ...env }), log: () => {}, gauge: ampleMemory, clock });

/** The number of ports that this process listens to. */
const ports = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;

async function takenPort(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

/** Accepts connections and closes them. */
async function brokenRedis(): Promise<string> {
  const server = createServer().on('connection', (socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function fileOf(text: string): string {
  const path = join(temporaryFolder(), 'file');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

test.each<[string, () => Promise<Record<string, string>>]>([
  ['its port is taken', async () => ({ PORT: await takenPort() })],
  ['the port of its metrics is taken', async () => ({ WAYBILL_METRICS_PORT: await takenPort() })],
  [
    'the port of its metrics is taken, with traces configured',
    async () => ({ WAYBILL_METRICS_PORT: await takenPort(), OTEL_EXPORTER_OTLP_ENDPOINT: `http://${unusedAddress}` }),
  ],
  [
    'its port is taken, with metrics and traces configured',
    async () => ({
      PORT: await takenPort(),
      WAYBILL_METRICS_PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${unusedAddress}`,
    }),
  ],
  ['its token file is invalid', async () => ({ WAYBILL_AUTH: 'tokens', WAYBILL_TOKENS_FILE: fileOf('nonsense') })],
  ['its file of trusted documents is invalid', async () => ({ WAYBILL_TRUSTED_DOCUMENTS: fileOf('nonsense') })],
  ['no Redis answers', async () => ({ WAYBILL_BACKEND: 'aws', WAYBILL_REDIS_URL: `redis://${unusedAddress}` })],
  [
    'its Redis closes every connection',
    async () => ({ WAYBILL_BACKEND: 'aws', WAYBILL_REDIS_URL: await brokenRedis() }),
  ],
])('after a start that fails because %s, the next one over the same folder succeeds', async (_because, makeFaulty) => {
  const folder = { WAYBILL_DATA_DIR: temporaryFolder() };
  const faulty = await makeFaulty();
  const before = ports();
  const { clock, waiting } = countingClock();
  for (let attempt = 0; attempt < 2; attempt += 1)
    await expect(start({ ...folder, ...faulty }, clock)).rejects.toThrow(/^(?!.*in use by another process)/);
  // Ports of earlier tests may still be closing.
  await expect.poll(() => [ports() <= before, waiting()]).toEqual([true, 0]);
  const server = await start(folder);
  onTestFinished(server.close);
  expect(await ask(server.url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});
