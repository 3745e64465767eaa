import { expect, onTestFinished, test } from 'vitest';
import { globalId } from '../support/examples.ts';
import { scraped, startGateway } from '../support/gateway.ts';
import { startTraceCollector } from '../support/trace-collector.ts';

test('S18 metrics tell of calls and operations, with no id and no text of a caller in them', async () => {
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

test('metrics are on a port of their own, and nowhere unless asked for', async () => {
  const { url, metricsUrl } = await startGateway();
  expect(metricsUrl).toBeUndefined();
  expect((await fetch(url.replace('/graphql', '/metrics'))).status).toBe(404);
});

test('a trace leads from an operation of a caller to the call that it caused', async () => {
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
  await expect.poll(collector.told).toContain(traceId);
  const told = collector.told();
  expect(told).toContain('graphql query');
  expect(told).toContain('IMPORT_EXPORT.GetStatus');
  expect(told.split(traceId)).toHaveLength(3);
  expect(told).not.toContain(importExport[0]);
});
