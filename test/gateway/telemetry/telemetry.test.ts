import { expect, onTestFinished, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { scraped, startGateway } from '../../support/gateway.ts';
import { startTraceCollector } from '../../support/trace-collector.ts';

test('metrics count calls and operations, without ids or texts of callers', async () => {
  const { ask, emulator, metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const ids = [globalId('DataExchangeJob', dataExchange[0] ?? ''), globalId('ImportExportJob', importExport[0] ?? '')];
  for (const id of ids) await ask('query Canary4711($id: ID!) { job(id: $id) { state } }', { id });
  await ask('{ nothing }');
  const text = await scraped(metricsUrl);
  for (const line of [
    /^waybill_upstream_request_seconds_count\{service="DATA_EXCHANGE",operation="GetJob",kind="read",outcome="answered"\} 1$/m,
    /^waybill_upstream_request_seconds_count\{service="IMPORT_EXPORT",operation="GetStatus",kind="read",outcome="answered"\} 1$/m,
    /^waybill_operation_seconds_count\{kind="query",transport="http",outcome="ok"\} 2$/m,
    /^waybill_operation_seconds_count\{kind="invalid",transport="http",outcome="GRAPHQL_VALIDATION_FAILED"\} 1$/m,
    /^waybill_watched_jobs 0$/m,
    /^waybill_subscribers 0$/m,
    /^waybill_polls_per_second\{service="DATA_EXCHANGE"\} 100$/m,
    /^process_open_fds \d+$/m,
  ]) {
    expect(text).toMatch(line);
  }
  for (const secret of [...ids, ...dataExchange, ...importExport, 'Canary4711']) expect(text).not.toContain(secret);
});

/** The gateway's own series, without the parts of histograms. */
async function seriesOf(metricsUrl: string | undefined): Promise<readonly string[]> {
  const lines = (await scraped(metricsUrl)).split('\n');
  return lines.filter((line) => line.startsWith('waybill_') && !/_(bucket|sum)\{/.test(line)).toSorted();
}

test('from the start metrics show closed breakers, empty queues and no retries', async () => {
  const { metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  expect(await seriesOf(metricsUrl)).toMatchInlineSnapshot(`
    [
      "waybill_breaker_state{service="DATA_EXCHANGE",kind="poll"} 0",
      "waybill_breaker_state{service="DATA_EXCHANGE",kind="read"} 0",
      "waybill_breaker_state{service="DATA_EXCHANGE",kind="write"} 0",
      "waybill_breaker_state{service="IMPORT_EXPORT",kind="poll"} 0",
      "waybill_breaker_state{service="IMPORT_EXPORT",kind="read"} 0",
      "waybill_breaker_state{service="IMPORT_EXPORT",kind="write"} 0",
      "waybill_polls_per_second{service="DATA_EXCHANGE"} 100",
      "waybill_polls_per_second{service="IMPORT_EXPORT"} 100",
      "waybill_ready{part="credentials"} 1",
      "waybill_ready{part="load"} 1",
      "waybill_ready{part="store"} 1",
      "waybill_subscribers 0",
      "waybill_unread_events 0",
      "waybill_upstream_requests{service="DATA_EXCHANGE",purpose="poll",state="in-flight"} 0",
      "waybill_upstream_requests{service="DATA_EXCHANGE",purpose="poll",state="queued"} 0",
      "waybill_upstream_requests{service="DATA_EXCHANGE",purpose="request",state="in-flight"} 0",
      "waybill_upstream_requests{service="DATA_EXCHANGE",purpose="request",state="queued"} 0",
      "waybill_upstream_requests{service="IMPORT_EXPORT",purpose="poll",state="in-flight"} 0",
      "waybill_upstream_requests{service="IMPORT_EXPORT",purpose="poll",state="queued"} 0",
      "waybill_upstream_requests{service="IMPORT_EXPORT",purpose="request",state="in-flight"} 0",
      "waybill_upstream_requests{service="IMPORT_EXPORT",purpose="request",state="queued"} 0",
      "waybill_upstream_retries_total{service="DATA_EXCHANGE"} 0",
      "waybill_upstream_retries_total{service="IMPORT_EXPORT"} 0",
      "waybill_watched_jobs 0",
    ]
  `);
});

const readJob = 'query ($id: ID!) { job(id: $id) { state } }';

test('metrics show retries, an open breaker, calls under way, watched jobs and subscribers', async () => {
  const { ask, client, emulator, metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 2 });
  const [watched = '', read = ''] = importExport.map((id) => globalId('ImportExportJob', id));
  await emulator.fail('ImportExport.GetStatus', { status: 503 });
  await ask(readJob, { id: read });
  await emulator.fail('DataExchange.*', { status: 503 }, 1_000);
  for (let count = 0; count < 10; count += 1)
    await ask(readJob, { id: globalId('DataExchangeJob', dataExchange[0] ?? '') });
  const events = client().iterate({
    query: 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }',
    variables: { ids: [watched] },
  });
  await events.next();
  await emulator.fail('ImportExport.ListJobs', { never: true });
  void ask('{ jobs(first: 1, filter: { service: IMPORT_EXPORT }) { nodes { id } } }').catch(() => {});
  await expect
    .poll(() => seriesOf(metricsUrl))
    .toEqual(
      expect.arrayContaining([
        'waybill_breaker_state{service="DATA_EXCHANGE",kind="read"} 2',
        'waybill_breaker_state{service="IMPORT_EXPORT",kind="read"} 0',
        'waybill_upstream_retries_total{service="IMPORT_EXPORT"} 1',
        'waybill_upstream_requests{service="IMPORT_EXPORT",purpose="request",state="in-flight"} 1',
        'waybill_watched_jobs 1',
        'waybill_subscribers 1',
        'waybill_operation_seconds_count{kind="query",transport="http",outcome="UPSTREAM_UNAVAILABLE"} 10',
      ]),
    );
  await events.return?.();
});

test('metrics count executed events and events that shared an execution', async () => {
  const { client, emulator, metricsUrl, watcher } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const query = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';
  const variables = { ids: [globalId('DataExchangeJob', dataExchange[0] ?? '')] };
  const readers = [1, 2, 3].map(() => client().iterate({ query, variables }));
  for (const reader of readers) await reader.next();
  const received = async (how: string): Promise<number> => {
    const [line = ''] = (await seriesOf(metricsUrl)).filter((each) =>
      each.startsWith(`waybill_events_total{how="${how}"}`),
    );
    return Number(line.split(' ')[1] ?? 0);
  };
  expect(watcher.subscribers).toBe(3);
  const before = [await received('executed'), await received('shared')];
  expect(before[0] ?? 0).toBeGreaterThan(0);
  await emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  for (const reader of readers) await reader.next();
  expect([await received('executed'), await received('shared')]).toEqual([(before[0] ?? 0) + 1, (before[1] ?? 0) + 2]);
});

test('without WAYBILL_METRICS_PORT there are no metrics', async () => {
  const { url, metricsUrl } = await startGateway();
  expect(metricsUrl).toBeUndefined();
  expect((await fetch(url.replace('/graphql', '/metrics'))).status).toBe(404);
});

test('a trace connects the caller, the operation and its call to the service', async () => {
  const collector = await startTraceCollector();
  onTestFinished(collector.close);
  const gateway = await startGateway({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const query = `{ job(id: "${globalId('ImportExportJob', importExport[0] ?? '')}") { state } }`;
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    body: JSON.stringify({ query }),
  });
  await gateway.close();
  await expect.poll(collector.received).toContain(traceId);
  const received = collector.received();
  expect(received).toContain('graphql query');
  expect(received).toContain('IMPORT_EXPORT.GetStatus');
  expect(received.split(traceId)).toHaveLength(3);
  expect(received).not.toContain(importExport[0]);
});
