/** Sends requests, a stream and a WebSocket through an nginx that has the file of `deploy/nginx`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { globalId } from '../support/examples.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/gateway.ts';
import { everyRight, startGuarded } from '../support/guarded-gateway.ts';
import { selfSigned } from '../support/self-signed.ts';

const program = '/usr/sbin/nginx';
// Skipped without Debian's nginx: apt-get install nginx-light, then npm run test:deploy.
const withNginx = test.skipIf(!existsSync(program));

const host = 'waybill.example';
/** Nobody has signed the certificate. nginx finds the site by the header `Host`. */
const tls = { rejectUnauthorized: false };

/** The file as it is, but for what its reader replaces as well: certificate, port and gateway. */
function siteOf(folder: string, port: number, gateway: string): string {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'deploy', 'nginx', 'waybill.conf'), 'utf8');
  const replacements = [
    ['/etc/ssl/certs/waybill.pem', join(folder, 'cert.pem')],
    ['/etc/ssl/private/waybill.key', join(folder, 'key.pem')],
    ['listen 443', `listen 127.0.0.1:${port}`],
    ['127.0.0.1:4000', gateway],
  ] as const;
  return replacements.reduce((site, [from, to]) => {
    expect(site.split(from)).toHaveLength(2);
    return site.replace(from, to);
  }, text);
}

/** Resolves to the port once nginx accepts connections. */
async function startNginx(gateway: string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const { key, cert } = selfSigned({ host });
  const files = {
    'key.pem': String(key),
    'cert.pem': cert,
    'site.conf': siteOf(folder, port, gateway),
    // Its defaults are below /var, which only root may write to.
    'nginx.conf': `pid ${folder}/pid; error_log stderr; events {} http { access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi; include ${folder}/site.conf; }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const child = spawn(program, ['-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await expect.poll(() => existsSync(join(folder, 'pid')), { timeout: 10_000 }).toBe(true);
  return port;
}

/** A request to the site behind nginx, from `localAddress`, which on Linux may be any of 127.0.0.0/8. */
async function through(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
  localAddress = '127.0.0.1',
): Promise<IncomingMessage> {
  const agent = new Agent({ ...tls, localAddress });
  onTestFinished(() => agent.destroy());
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({ host: '127.0.0.1', port, path, agent, method, headers: { host, ...headers } });
  sent.end(body);
  const [response] = await once(sent, 'response');
  return response;
}

const watch = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';

withNginx('requests, streams and WebSockets pass the nginx of deploy/nginx', async () => {
  const gateway = await startGuarded({ anna: everyRight });
  const authorization = `Bearer ${gateway.tokenOf('anna')}`;
  const port = await startNginx(new URL(gateway.url).host);
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1, importExport: 0 });
  const [awsId = ''] = dataExchange;
  const variables = { ids: [globalId('DataExchangeJob', awsId)] };

  const json = { authorization, 'content-type': 'application/json' };
  // The board's own requests: nginx leaves the name that the browser asked for, so they are of the same origin.
  const own = await through(port, '/graphql', { ...json, origin: `https://${host}` }, '{"query":"{ __typename }"}');
  expect(own.statusCode).toBe(200);

  const accept = { ...json, accept: 'text/event-stream' };
  const stream = await through(port, '/graphql', accept, JSON.stringify({ query: watch, variables }));
  let streamed = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    streamed += text;
  });
  const client = createClient({
    url: `wss://127.0.0.1:${port}/graphql`,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { ...tls, headers: { host, origin: `https://${host}` } });
      }
    },
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  onTestFinished(() => void client.dispose());
  const events = client.iterate({ query: watch, variables });
  expect((await events.next()).value).toMatchObject({ data: { jobStateChanged: { state: 'WAITING' } } });
  await expect.poll(() => streamed).toContain('"state":"WAITING"');

  // Neither has ended, and what happens now arrives by both.
  await gateway.emulator.move(awsId, { state: 'IN_PROGRESS' });
  expect((await events.next()).value).toMatchObject({ data: { jobStateChanged: { state: 'IN_PROGRESS' } } });
  await expect.poll(() => streamed).toContain('"state":"IN_PROGRESS"');
  stream.destroy();
});

withNginx('behind it wrong tokens count for the client, which cannot name another', async () => {
  const gateway = await startGuarded({ anna: everyRight }, { WAYBILL_TRUSTED_PROXIES: '127.0.0.1' });
  const port = await startNginx(new URL(gateway.url).host);
  const statusFrom = async (client: string, token: string, forwardedFor = '127.0.0.9'): Promise<number | undefined> => {
    const authorization = `Bearer ${token}`;
    const headers = { authorization, 'content-type': 'application/json', 'x-forwarded-for': forwardedFor };
    const response = await through(port, '/graphql', headers, '{"query":"{ __typename }"}', client);
    response.resume();
    return response.statusCode;
  };
  for (let sent = 0; sent < 1_000; sent += 50)
    await Promise.all(Array.from({ length: 50 }, (_, index) => statusFrom('127.0.0.2', 'wrong', `192.0.2.${index}`)));
  const token = gateway.tokenOf('anna');
  expect(await statusFrom('127.0.0.2', token)).toBe(429);
  expect(await statusFrom('127.0.0.3', token)).toBe(200);
});
