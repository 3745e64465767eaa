/** Faults between this client and the service, over real sockets. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpTransport } from '../../../../src/backends/calls/http-transport.ts';
import { clientOf, failureOf, newJob, uninterrupted } from './fixtures.ts';
import { replyVector } from './vectors.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A service on a free port; `received` holds the forms it was sent. */
async function serviceOf(listener: RequestListener) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push(body);
      listener(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** The deadline is short only in the cases that are about it. */
function clientTo(endpoint: string, attemptTimeoutMs = 10_000) {
  return clientOf({ endpoint, transport: httpTransport(), attemptTimeoutMs });
}

/** How a read, an update, a check and a create end against the same fault. */
async function outcomes(endpoint: string, attemptTimeoutMs?: number) {
  const client = clientTo(endpoint, attemptTimeoutMs);
  const failures = await Promise.all([
    failureOf(client.getStatus('53TX4', uninterrupted)),
    failureOf(client.updateJob('53TX4', newJob, uninterrupted)),
    failureOf(client.createJob({ ...newJob, validateOnly: true }, uninterrupted)),
    failureOf(client.createJob(newJob, uninterrupted)),
  ]);
  return failures.map(({ code, isOutcomeUnclear }) => `${code}${isOutcomeUnclear ? ', unclear' : ''}`);
}

const unsent = Array.from({ length: 4 }, () => 'UPSTREAM_UNAVAILABLE');

const timeout = ['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT, unclear', 'UPSTREAM_TIMEOUT', 'OUTCOME_UNKNOWN, unclear'];

const truncation = [
  'UPSTREAM_BAD_RESPONSE',
  'UPSTREAM_BAD_RESPONSE, unclear',
  'UPSTREAM_BAD_RESPONSE',
  'OUTCOME_UNKNOWN, unclear',
];

it('A read over a socket succeeds with both signature versions', async () => {
  const { endpoint, received } = await serviceOf((_request, response) =>
    response.end(replyVector('get-status-fresh').body),
  );
  for (const signature of ['v2', 'v4'] as const) {
    const client = clientOf({ endpoint, transport: httpTransport(), signature });
    expect((await client.getStatus('53TX4', uninterrupted)).state).toBe('WAITING');
  }
  expect(received).toHaveLength(2);
});

it('Nothing is sent if the connection is refused', async () => {
  const { endpoint } = await serviceOf(() => {});
  const [server] = servers.splice(0);
  await new Promise((resolve) => server?.close(resolve));
  expect(await outcomes(endpoint)).toEqual(unsent);
});

it('Nothing is sent to an unknown host', async () => {
  expect(await outcomes('http://nowhere.invalid')).toEqual(unsent);
});

it('A request to a service that never answers times out', async () => {
  const { endpoint } = await serviceOf(() => {});
  expect(await outcomes(endpoint, 200)).toEqual(timeout);
});

it('A request whose reply stalls after its headers times out', async () => {
  const { endpoint } = await serviceOf((_request, response) => response.writeHead(200).flushHeaders());
  expect(await outcomes(endpoint, 200)).toEqual(timeout);
});

it('A slow reply ends at the deadline', async () => {
  const { endpoint } = await serviceOf((_request, response) => {
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  expect(await outcomes(endpoint, 200)).toEqual(timeout);
});

it('A reset before any byte of the reply is unclear for a write', async () => {
  const { endpoint, received } = await serviceOf((request) => request.socket.resetAndDestroy());
  expect(await outcomes(endpoint)).toEqual([
    'UPSTREAM_UNAVAILABLE',
    'UPSTREAM_UNAVAILABLE, unclear',
    'UPSTREAM_UNAVAILABLE',
    'OUTCOME_UNKNOWN, unclear',
  ]);
  const changes = received.filter((form) => form.includes('ValidateOnly=false'));
  expect(changes.map((form) => /Action=(\w+)/.exec(form)?.[1]).toSorted()).toEqual(['CreateJob', 'UpdateJob']);
});

it('A reply cut short of its Content-Length is a bad response', async () => {
  const { endpoint } = await serviceOf((request, response) => {
    const { body } = replyVector('get-status-fresh');
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, -20), () => request.socket.end());
  });
  expect(await outcomes(endpoint)).toEqual(truncation);
});

it('A reply whose connection is reset in its middle is a bad response', async () => {
  const { endpoint } = await serviceOf((request, response) => {
    response.writeHead(200, { 'content-length': 10_000 });
    response.write('<GetStatusResponse>', () => setTimeout(() => request.socket.resetAndDestroy(), 20));
  });
  expect(await outcomes(endpoint)).toEqual(truncation);
});

it('The client stops reading an endless reply and rejects it as a bad response', async () => {
  let written = 0;
  const { endpoint } = await serviceOf((_request, response) => {
    const chunk = Buffer.alloc(65_536, ' ');
    const pour = () => {
      while (!response.destroyed && response.write(chunk)) written += chunk.length;
    };
    response.on('drain', pour);
    pour();
  });
  const failure = await failureOf(clientTo(endpoint, 10_000).getStatus('53TX4', uninterrupted));
  expect(failure.code).toBe('UPSTREAM_BAD_RESPONSE');
  expect(written).toBeLessThan(64 * 1_048_576);
});

it('A redirect is not followed', async () => {
  const target = await serviceOf((_request, response) => response.end(replyVector('get-status-fresh').body));
  for (const status of [301, 302, 303, 307, 308]) {
    const { endpoint } = await serviceOf((_request, response) =>
      response.writeHead(status, { location: target.endpoint }).end(),
    );
    expect(await outcomes(endpoint)).toEqual(truncation);
  }
  expect(target.received).toEqual([]);
});

describe('a caller who leaves', () => {
  const gone = new Error('the caller has gone');

  /** A service whose caller leaves when it has received the request; it answers a while later. */
  async function serviceLeftDuringWork(body: string) {
    const caller = new AbortController();
    const { endpoint } = await serviceOf((_request, response) => {
      caller.abort(gone);
      setTimeout(() => response.end(body), 50);
    });
    return { client: clientTo(endpoint), signal: caller.signal };
  }

  it('A read ends when its caller leaves, and rejects with the caller’s reason', async () => {
    const { client, signal } = await serviceLeftDuringWork(replyVector('get-status-fresh').body);
    await expect(client.getStatus('53TX4', { signal })).rejects.toBe(gone);
  });

  it('The check of a manifest ends when its caller leaves', async () => {
    const { client, signal } = await serviceLeftDuringWork(replyVector('create-job-current-form').body);
    await expect(client.createJob({ ...newJob, validateOnly: true }, { signal })).rejects.toBe(gone);
  });

  it('The reading of a reply ends when the caller leaves', async () => {
    const { endpoint } = await serviceOf((_request, response) => response.writeHead(200).flushHeaders());
    const caller = new AbortController();
    const transport = httpTransport();
    const client = clientOf({
      endpoint,
      transport: async (url, request) => {
        const response = await transport(url, request);
        setTimeout(() => caller.abort(gone), 20);
        return response;
      },
    });
    await expect(client.getStatus('53TX4', { signal: caller.signal })).rejects.toBe(gone);
  });

  it('A create that was sent does not end when its caller leaves', async () => {
    const { client, signal } = await serviceLeftDuringWork(replyVector('create-job-current-form').body);
    expect((await client.createJob(newJob, { signal })).job?.awsJobId).toBe('53TX4');
    expect(signal.aborted).toBe(true);
  });

  it('An update or a cancel that was sent does not end when its caller leaves', async () => {
    const update = await serviceLeftDuringWork(replyVector('update-job').body);
    await update.client.updateJob('53TX4', newJob, update);
    const cancel = await serviceLeftDuringWork(replyVector('cancel-job-documented').body);
    await cancel.client.cancelJob('53TX4', cancel);
    expect([update.signal.aborted, cancel.signal.aborted]).toEqual([true, true]);
  });

  it('A create is not sent if its caller has left', async () => {
    const { endpoint, received } = await serviceOf((_request, response) => response.end());
    const caller = new AbortController();
    const credentials = () => {
      caller.abort(gone);
      return new Promise<never>(() => {});
    };
    const client = clientOf({ endpoint, transport: httpTransport(), credentials });
    await expect(client.createJob(newJob, caller)).rejects.toBe(gone);
    await expect(client.createJob(newJob, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
    expect(received).toEqual([]);
  });
});
