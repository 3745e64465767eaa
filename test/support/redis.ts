/** A Redis of a test, as a process on a free port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';

const program = '/usr/bin/redis-server';

/** Whether Debian's redis-server is installed. In CI its absence fails the tests; elsewhere they are skipped. */
export const hasRedis = existsSync(program) || process.env['CI'] !== undefined;

export interface TestRedis {
  readonly url: string;
  /** A connection of the test. */
  readonly client: () => Redis;
  /** Kills the process. */
  readonly kill: () => Promise<void>;
  /** Suspends the process, so that it answers nothing, and resumes it. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Restarts on the same port, with what was on disk. */
  readonly restart: () => Promise<void>;
}

/** Each write is on disk before it is answered. Ends with the test. */
export async function startRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'waybill-redis-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...durable, ...settings];
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(program, args, { stdio: 'ignore' });
    await answering(port);
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    kill,
    client: () => {
      const client = new Redis(url);
      onTestFinished(() => client.disconnect());
      return client;
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    restart: async () => {
      await kill();
      child = await launch();
    },
  };
}

async function answering(port: number): Promise<void> {
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: 250 });
  client.on('error', () => {});
  await client.ping();
  client.disconnect();
}
