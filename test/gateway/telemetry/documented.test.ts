/** Compares docs/operations.md with the metrics that a gateway exposes, and with what the alerts and the dashboard ask of them. */
import { expect, test } from 'vitest';
import { textOf } from '../../support/deploy-files.ts';
import { globalId } from '../../support/examples.ts';
import { scraped, startGateway } from '../../support/gateway.ts';
import { alertRules, dashboardQueries } from '../../support/monitoring-files.ts';

const operations = textOf('docs/operations.md');
const [, section = ''] = operations.split('\n## Metrics\n');
const tables = section.split('\n## ')[0] ?? '';

interface Documented {
  readonly type: string;
  readonly labels: readonly string[];
}

const named = (cell: string): readonly string[] => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1] ?? '');

const rows = tables.split('\n').filter((line) => line.startsWith('| `'));

const documented: ReadonlyMap<string, Documented> = new Map(
  rows.flatMap((row) => {
    const [names = '', type = '', labels = ''] = row.slice('| '.length).split(' | ');
    return named(names).map((name): [string, Documented] => [name, { type, labels: named(labels).toSorted() }]);
  }),
);

test('every metric is documented with its type, and no other', async () => {
  const { metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const text = await scraped(metricsUrl);
  const exposed = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => `${name} ${type}`);
  expect([...documented].map(([name, { type }]) => `${name} ${type}`).toSorted()).toEqual(exposed.toSorted());
});

const watch = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';

test('every series has the labels that are documented', async () => {
  const { ask, client, emulator, metricsUrl } = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const { dataExchange } = await emulator.seed({ dataExchange: 1 });
  const [awsId = ''] = dataExchange;
  const events = client().iterate({ query: watch, variables: { ids: [globalId('DataExchangeJob', awsId)] } });
  await events.next();
  await emulator.move(awsId, { state: 'IN_PROGRESS' });
  await events.next();
  await ask('{ jobs(first: 1) { nodes { id } } }');
  const text = await scraped(metricsUrl);
  const wrong = text.split('\n').flatMap((line) => {
    const [, series = '', labels = ''] = /^(\w+)(?:\{([^}]*)\})? /.exec(line) ?? [];
    const names = [...labels.matchAll(/(\w+)="/g)].map((match) => match[1] ?? '').filter((name) => name !== 'le');
    const metric = documented.get(series) ?? documented.get(series.replace(/_(?:bucket|count|sum)$/, ''));
    const isRight = line === '' || line.startsWith('#') || metric?.labels.join() === names.toSorted().join();
    return isRight ? [] : [line];
  });
  expect(wrong).toEqual([]);
  // Else the gateway would have had too little to do.
  for (const name of ['waybill_events_total', 'waybill_state_changes_total', 'waybill_operation_seconds_count'])
    expect(text).toContain(`\n${name}{`);
});

test('the alerts and the dashboard ask only for metrics that are documented', () => {
  const expressions = [...alertRules().map(({ expr }) => expr), ...dashboardQueries('1m')];
  const asked = expressions.flatMap((text) => text.match(/\b(?:waybill|nodejs|process)_\w+/g) ?? []);
  const unknown = asked.filter(
    (name) => !documented.has(name) && !documented.has(name.replace(/_(?:bucket|count|sum)$/, '')),
  );
  expect(asked.length).toBeGreaterThan(40);
  expect(unknown).toEqual([]);
});

/** As GitHub makes them of headings. */
const anchors = [...operations.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-'),
);

test('each alert leads to a part of the document that says what to do', () => {
  const broken = alertRules().filter(({ annotations: { runbook } }) => {
    const [file, anchor = ''] = runbook.split('#');
    return file !== 'docs/operations.md' || !anchors.includes(anchor);
  });
  expect(broken).toEqual([]);
});
