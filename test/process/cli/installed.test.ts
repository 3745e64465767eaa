/** The program where only its run-time packages are installed, as npm installs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { ask } from '../../support/gateway.ts';
import { installedProgram } from '../../support/installed-program.ts';
import { runWaybill } from '../../support/waybill-command.ts';

// Each copies the program and starts it several times.
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '..', '..', '..');
const { devDependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Readonly<
  Record<'devDependencies' | 'peerDependencies', Readonly<Record<string, string>>>
>;
const peers = Object.keys(peerDependencies);

/** No program listens there (RFC 863's port, which this machine does not serve). */
const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };

test('it answers operations, counts them and serves GraphiQL without any other package', async () => {
  const { url, stdout } = await startChildGateway({ WAYBILL_METRICS_PORT: '0' }, { program: await installedProgram() });
  expect(await ask(url, '{ jobs(first: 1) { nodes { service } } }')).toMatchObject({
    data: { jobs: { nodes: [{ service: 'IMPORT_EXPORT' }] } },
  });
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect((await page.text()).length).toBeGreaterThan(9_000_000);
  const metrics = await fetch(/metrics +(\S+)/.exec(stdout())?.[1] ?? '');
  expect(await metrics.text()).toMatch(/^waybill_operation_seconds_count\{.*\} 1$/m);
});

test('the packages that a start tells to install are of the versions that are tested', () => {
  expect(peers).toHaveLength(6);
  expect(peers.map((name) => peerDependencies[name])).toEqual(peers.map((name) => `~${devDependencies[name]}`));
});

test('where traces are set and their packages are missing, the start fails and names what to install', async () => {
  const program = await installedProgram(peers.slice(1));
  const [first = ''] = peers;
  const fault =
    'waybill: OTEL_EXPORTER_OTLP_ENDPOINT: expected the packages of OpenTelemetry beside Waybill, did not find ' +
    `${first}. Install them where Waybill is installed: npm install ${first}@${peerDependencies[first]}\n`;
  expect(await runWaybill(['serve'], { ...traces, PORT: '0' }, program)).toEqual({
    code: 78,
    stdout: '',
    stderr: fault,
  });
  expect(await runWaybill(['check-config'], traces, program)).toMatchObject({ code: 78, stderr: fault });
  const { stderr } = await runWaybill(['check-config'], traces, await installedProgram());
  for (const [name, range] of Object.entries(peerDependencies)) expect(stderr).toContain(` ${name}@${range}`);
});

test('where traces are set and their packages are installed beside it, it starts', async () => {
  const { url } = await startChildGateway(traces, { program: await installedProgram(peers) });
  expect(await ask(url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
});
