/** What a page of another site can make a real browser send to a gateway without authentication. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { browserNeeded, hasBrowser, openPage } from '../../support/browser.ts';
import { startGateway } from '../../support/gateway.ts';
import { until } from '../../support/live.ts';
import { callsOf } from '../../support/transports.ts';

const query = 'mutation { cancelJob(id: "x") { job { id } } }';
const read = '{ jobs(first: 1) { nodes { id } } }';

/** The method and type of each request that arrived at `/graphql` of a server in this process. */
function arrivals(): () => readonly string[] {
  const observed: string[] = [];
  const remember = (message: unknown): void => {
    const { method, url = '', headers } = (message as { readonly request: IncomingMessage }).request;
    if (url.startsWith('/graphql')) observed.push(`${method} ${headers['content-type']?.split(';')[0] ?? ''}`.trim());
  };
  subscribe('http.server.request.start', remember);
  onTestFinished(() => void unsubscribe('http.server.request.start', remember));
  return () => observed;
}

/** Scripts are strings because they run in the page, without the scope of this file. */
function inPage(page: Page, script: string): Promise<unknown> {
  return page.evaluate(script);
}

const simpleTypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];

test.runIf(hasBrowser)(
  `forms and simple requests of a page of another site arrive, and no operation runs${browserNeeded}`,
  {
    timeout: 60_000,
  },
  async () => {
    const gateway = await startGateway();
    const { page } = await openPage();
    await gateway.emulator.forgetRequests();
    const observed = arrivals();
    for (const enctype of simpleTypes) {
      await inPage(
        page,
        `(() => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        frame.name = ${JSON.stringify(enctype)};
        const form = document.body.appendChild(document.createElement('form'));
        Object.assign(form, { method: 'POST', action: ${JSON.stringify(gateway.url)}, enctype: ${JSON.stringify(enctype)}, target: frame.name });
        const field = form.appendChild(document.createElement('input'));
        field.name = ${JSON.stringify(enctype === 'text/plain' ? `{"query":${JSON.stringify(query)},"x":"` : 'query')};
        field.value = ${JSON.stringify(enctype === 'text/plain' ? '"}' : query)};
        form.submit();
      })()`,
      );
    }
    const body = JSON.stringify({ query });
    for (const type of simpleTypes) {
      const init = { method: 'POST', mode: 'no-cors', headers: { 'content-type': type }, body };
      await inPage(page, `fetch(${JSON.stringify(gateway.url)}, ${JSON.stringify(init)}).then(() => {}, () => {})`);
    }
    const address = JSON.stringify(`${gateway.url}?query=${encodeURIComponent(read)}`);
    await inPage(page, `fetch(${address}, { mode: 'no-cors' }).then(() => {}, () => {})`);
    await inPage(page, `void (document.body.appendChild(document.createElement('img')).src = ${address})`);
    await inPage(page, `void (document.body.appendChild(document.createElement('script')).src = ${address})`);
    await inPage(page, `void new EventSource(${address})`);
    await until(() => simpleTypes.every((type) => observed().filter((each) => each === `POST ${type}`).length >= 2));
    await until(() => observed().filter((each) => each === 'GET').length >= 4);
    expect([await callsOf(gateway), gateway.complaints]).toEqual([0, []]);
  },
);

const json = (url: string) => {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: read }),
  };
  return `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then((response) => response.status, () => 'refused')`;
};

const socket = (url: string) => `new Promise((resolve) => {
  const socket = new WebSocket(${JSON.stringify(url.replace('http', 'ws'))}, 'graphql-transport-ws');
  socket.onopen = () => resolve('open');
  socket.onerror = () => resolve('refused');
})`;

test.runIf(hasBrowser)(
  `a page can send JSON and open sockets only if its origin is allowed${browserNeeded}`,
  {
    timeout: 60_000,
  },
  async () => {
    const { page, origin } = await openPage();
    const closed = await startGateway({
      WAYBILL_ALLOWED_ORIGINS: `${origin.replace('127.0.0.1', 'localhost')},https://app.example`,
    });
    await closed.emulator.forgetRequests();
    expect(await inPage(page, json(closed.url))).toBe('refused');
    expect(await inPage(page, socket(closed.url))).toBe('refused');
    expect(await callsOf(closed)).toBe(0);
    const open = await startGateway({ WAYBILL_ALLOWED_ORIGINS: `${origin},https://app.example` });
    expect(await inPage(page, json(open.url))).toBe(200);
    expect(await inPage(page, socket(open.url))).toBe('open');
  },
);

test.runIf(hasBrowser)(
  `a sandboxed page, whose origin is null, is always refused${browserNeeded}`,
  {
    timeout: 60_000,
  },
  async () => {
    const { page, origin } = await openPage();
    const gateway = await startGateway({ WAYBILL_ALLOWED_ORIGINS: `${origin},https://app.example` });
    await gateway.emulator.forgetRequests();
    const { url } = gateway;
    const script = `Promise.all([${json(url)}, ${socket(url)}]).then((results) => parent.postMessage(results.join(), '*'))`;
    const results = await inPage(
      page,
      `new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data));
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = ${JSON.stringify(`<script>${script}</script>`)}.replaceAll('\\\\/', '/');
      document.body.append(frame);
    })`,
    );
    expect(results).toBe('refused,refused');
    expect(await callsOf(gateway)).toBe(0);
  },
);

test.runIf(hasBrowser)(
  `a query by GET without a header is answered for a page of the gateway's own or of an allowed origin, and for no other${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const gateway = await startGateway();
    const query = encodeURIComponent('{ __typename }');
    const get = (url: string) =>
      `fetch(${JSON.stringify(`${url}?query=${query}`)}).then((response) => response.status, () => 'refused')`;
    const { page, origin } = await openPage();
    const open = await startGateway({ WAYBILL_ALLOWED_ORIGINS: origin });
    const observed = arrivals();
    expect([await inPage(page, get(gateway.url)), await inPage(page, get(open.url))]).toEqual(['refused', 200]);
    // Without a preflight, so that the Origin of the query itself was checked.
    expect(observed()).toEqual(['GET', 'GET']);
    await page.goto(new URL('/livez', gateway.url).href);
    expect(await inPage(page, get(gateway.url))).toBe(200);
  },
);

test.runIf(hasBrowser)(
  `a page of an allowed origin can send the headers of tools, with one preflight for many requests${browserNeeded}`,
  { timeout: 60_000 },
  async () => {
    const { page, origin } = await openPage();
    const { url } = await startGateway({ WAYBILL_ALLOWED_ORIGINS: origin });
    const observed = arrivals();
    const headers = {
      ...{ 'content-type': 'application/json', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
      ...{ 'x-request-id': 'x', 'apollographql-client-name': 'board', 'apollo-require-preflight': 'true' },
    };
    const init = JSON.stringify({ method: 'POST', headers, body: JSON.stringify({ query: '{ __typename }' }) });
    for (let request = 0; request < 3; request += 1)
      expect(await inPage(page, `fetch(${JSON.stringify(url)}, ${init}).then((response) => response.status)`)).toBe(
        200,
      );
    expect(observed().toSorted()).toEqual(['OPTIONS', ...Array(3).fill('POST application/json')]);
  },
);
