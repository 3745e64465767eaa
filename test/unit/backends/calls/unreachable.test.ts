/** Services to which no connection can be made: nothing is sent, and every outcome is clear. */
import dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { daysFromNow, selfSigned } from '../../../support/self-signed.ts';
import { calls, outcomeOf } from './calls.ts';
import { clientsOf } from './world.ts';

const jobs = { dataExchange: '1'.repeat(32), importExport: '53TX4' };

async function outcomesAt(endpoint: string, ca?: string): Promise<Record<string, string>> {
  const target = { backends: clientsOf(endpoint, ca === undefined ? {} : { ca }), jobs };
  const outcomes = await Promise.all(calls.map(async (call) => [call.name, await outcomeOf(call, target)]));
  return Object.fromEntries(outcomes);
}

const allUnsent = Object.fromEntries(calls.map(({ name }) => [name, 'UPSTREAM_UNAVAILABLE']));

test('Nothing is sent if the connection is refused', async () => {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  expect(await outcomesAt(`http://127.0.0.1:${port}`)).toEqual(allUnsent);
});

test('Nothing is sent if connecting times out', async () => {
  expect(await outcomesAt(`http://127.0.0.1:${await fullPort()}`)).toEqual(allUnsent);
});

test('Nothing is sent to an unknown host', async () => {
  expect(await outcomesAt('http://nowhere.invalid')).toEqual(allUnsent);
});

test('A DNS server that does not answer costs only the timeout, and nothing is sent', async () => {
  // Node's sockets call this property of the module.
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(() => {});
  onTestFinished(() => lookup.mockRestore());
  expect(await outcomesAt('http://slow.test')).toEqual(allUnsent);
  expect(lookup).toHaveBeenCalled();
});

describe('over TLS', () => {
  const trusted = selfSigned({ host: 'localhost' });
  const expired = selfSigned({ host: 'localhost', notBefore: daysFromNow(-9), notAfter: daysFromNow(-1) });
  const elsewhere = selfSigned({ host: 'elsewhere.test' });

  test.each([
    ['an untrusted certificate', trusted, undefined],
    ['a certificate of another host', elsewhere, elsewhere.cert],
    ['an expired certificate', expired, expired.cert],
    ['TLS 1.0', { ...trusted, maxVersion: 'TLSv1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }, trusted.cert],
  ] as const)('%s is refused before a byte of any request is sent', async (_, options, ca) => {
    const server = await tlsServer(options);
    expect(await outcomesAt(server.endpoint, ca)).toEqual(allUnsent);
    expect(server.received()).toBe('');
  });

  test('The request is sent to a host with a valid certificate', async () => {
    const server = await tlsServer(trusted);
    await outcomesAt(server.endpoint, trusted.cert);
    expect(server.received()).toContain('Action=CreateJob');
  });
});

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Receives requests, decrypts them and closes the connection. */
async function tlsServer(options: TlsOptions): Promise<{ endpoint: string; received: () => string }> {
  let received = '';
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      socket.destroy();
    });
  });
  const port = await portOf(server);
  onTestFinished(() => void server.close());
  return { endpoint: `https://localhost:${port}`, received: () => received };
}

/** A port whose listener accepts nothing, with a full backlog: the kernel drops new connections. */
async function fullPort(): Promise<number> {
  const worker = new Worker(listenAndSleep, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  onTestFinished(async () => {
    for (const filler of fillers) filler.destroy();
    await worker.terminate();
  });
  while (fillers.length < 100) {
    const filler = connect(port, '127.0.0.1').on('error', () => {});
    fillers.push(filler);
    const isFull = await Promise.race([once(filler, 'connect').then(() => false), sleptFor(300).then(() => true)]);
    if (isFull) return port;
  }
  throw new Error('expected the backlog to fill up');
}

/** Blocks its event loop, so that it accepts nothing. */
const listenAndSleep = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

function sleptFor(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
