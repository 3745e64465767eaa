/** Starts gateways that share a Redis. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { gatewayEnvironment, Server, type StartServer, waybill } from './servers.ts';
import { reached } from './waiting.ts';

const answerWaitMs = 10_000;

/** The first gateway starts a new Redis, which ends with the last gateway. */
export function redisGateways(): StartServer {
  let redis: Promise<Redis> | undefined;
  let running = 0;
  return async (emulatorUrl, polling) => {
    redis ??= startRedis();
    const { url, stop } = await redis;
    running += 1;
    const leave = (): void => {
      running -= 1;
      if (running > 0) return;
      redis = undefined;
      stop();
    };
    const { WAYBILL_DATA_DIR: _, ...settings } = gatewayEnvironment(emulatorUrl, polling, '');
    return Server.start([waybill], { ...settings, WAYBILL_REDIS_URL: url }, leave);
  };
}

interface Redis {
  readonly url: string;
  readonly stop: () => void;
}

/** With the settings that the README requires. */
async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'waybill-redis-'));
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...durable];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  child.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const stop = (): void => void child.kill('SIGKILL');
  if (await reached(() => isTaken(port), answerWaitMs)) return { url: `redis://127.0.0.1:${port}`, stop };
  stop();
  throw new Error('expected a Redis that listens, received none');
}

function isTaken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((isOpen) => {
    socket.destroy();
    return isOpen === true;
  });
}
