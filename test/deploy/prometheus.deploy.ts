/** Runs the alert rules and the queries of the dashboard in a Prometheus that scrapes a gateway. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { globalId } from '../support/examples.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway, temporaryFolder } from '../support/gateway.ts';
import { alertRules, dashboardQueries, testedAlerts } from '../support/monitoring-files.ts';

const folder = join(import.meta.dirname, '..', '..', 'deploy', 'prometheus');

const program = '/usr/bin/prometheus';

// Skipped without Debian's prometheus, which brings promtool: apt-get install prometheus, then npm run test:deploy.
const withPrometheus = test.skipIf(!existsSync(program));

test('every alert has a test in which it fires, and one in which a healthy gateway does not make it', () => {
  const names = alertRules().map(({ alert }) => alert);
  const { firing, quiet } = testedAlerts();
  expect([...firing].toSorted()).toEqual(names.toSorted());
  expect([...quiet].toSorted()).toEqual(names.toSorted());
});

withPrometheus.each([
  ['check', 'config', 'prometheus.yaml'],
  ['check', 'rules', '--lint-fatal', 'alerts.yaml'],
  ['test', 'rules', 'alerts.test.yaml'],
])('promtool %s %s finds no fault', async (...args) => {
  const { stdout } = await promisify(execFile)('/usr/bin/promtool', args, { cwd: folder });
  expect(stdout).toContain('SUCCESS');
});

/** Scrapes `target` each second, and evaluates the rules. Resolves to its URL. */
async function startPrometheus(target: string): Promise<string> {
  const port = await freePort();
  const data = temporaryFolder();
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'alerts.yaml')],
    scrape_configs: [{ job_name: 'waybill', static_configs: [{ targets: [target] }] }],
  };
  writeFileSync(join(data, 'prometheus.yaml'), JSON.stringify(config));
  const args = [`--config.file=${join(data, 'prometheus.yaml')}`, `--storage.tsdb.path=${join(data, 'data')}`];
  const child = spawn(program, [...args, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  return `http://127.0.0.1:${port}`;
}

const watch = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';

/** What the dashboard shows: answers, refusals, retries, changes and events. */
async function load({ ask, client, emulator }: TestGateway): Promise<void> {
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 1, importExport: 1 });
  const [awsId = ''] = dataExchange;
  const ids = [globalId('DataExchangeJob', awsId), globalId('ImportExportJob', importExport[0] ?? '')];
  const readers = [1, 2].map(() => client().iterate({ query: watch, variables: { ids } }));
  for (const reader of readers) await reader.next();
  await emulator.move(awsId, { state: 'IN_PROGRESS' });
  await emulator.fail('DataExchange.GetJob', { status: 503 });
  for (let round = 0; round < 20; round += 1) {
    for (const id of ids) await ask('query ($id: ID!) { job(id: $id) { state } }', { id });
    await ask('{ nothing }');
    await ask('mutation { startDataExchangeJob(id: "x") { userErrors { code } } }');
  }
}

async function answersOf(prometheus: string, query: string): Promise<number> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { status, error, data } = Object(await response.json());
  if (status !== 'success') throw new Error(`${query}: ${error}`);
  return data.result.length;
}

/** What a gateway has nothing of while nothing is wrong. */
const quietQueries = [
  /unknown_values_total/,
  /refusals_total/,
  /unreadable_records_total/,
  /^sum by \(alertname\) \(ALERTS/,
];

withPrometheus('each query of the dashboard finds data, and no rule fails', async () => {
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const prometheus = await startPrometheus(new URL(gateway.metricsUrl ?? '').host);
  const all = dashboardQueries('10s');
  const queries = all.filter((query) => !quietQueries.some((quiet) => quiet.test(query)));
  expect(all.length - queries.length).toBe(quietQueries.length);
  await expect
    .poll(() => answersOf(prometheus, 'waybill_ready').catch(() => 0), { timeout: 20_000 })
    .toBeGreaterThan(0);
  await expect
    .poll(
      async () => {
        await load(gateway);
        const counts = await Promise.all(queries.map((query) => answersOf(prometheus, query)));
        return queries.filter((_, index) => counts[index] === 0);
      },
      { timeout: 60_000, interval: 500 },
    )
    .toEqual([]);
  for (const query of all) await answersOf(prometheus, query);
  const { data } = Object(await (await fetch(`${prometheus}/api/v1/rules`)).json());
  const rules: readonly { name: string; health: string; state: string }[] = data.groups[0].rules;
  const unwell = rules.filter(({ health, state }) => health !== 'ok' || state === 'firing');
  expect(rules.length).toBe(alertRules().length);
  expect(unwell).toEqual([]);
});
