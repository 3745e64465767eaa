/** Requests whose client has gone before the gateway could read them, as under overload: they are not executed. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';

const query = 'query ($id: ID!) { job(id: $id) { state } }';

/** Connects, and sends a request and the end of the connection before the event loop, which it shares, can read either. */
async function sendAndLeave(url: string, body: string, accept: string): Promise<void> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    `accept: ${accept}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy();
}

test.each(['application/json', 'text/event-stream'])(
  'a request for %s whose client has gone makes no call, and the next is answered',
  async (accept) => {
    const { ask, emulator, url } = await startGateway();
    const [awsJobId = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const variables = { id: globalId('ImportExportJob', awsJobId) };
    await ask('{ __typename }');
    await emulator.forgetRequests();
    for (let sent = 0; sent < 20; sent += 1) await sendAndLeave(url, JSON.stringify({ query, variables }), accept);
    await ask('{ __typename }');
    expect(await emulator.requests()).toEqual({});
    expect(await ask(query, variables)).toEqual({ data: { job: { state: 'WAITING' } } });
  },
);
