/** The output of the process: uncaught errors, its environment, and Node's own diagnostics. */
import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startChildGateway } from '../../support/child-gateway.ts';
import { ask } from '../../support/gateway.ts';
import { secrets, shownIn } from '../../support/planted-secrets.ts';
import { onSignal } from '../../support/preload.ts';
import { type CanaryGateway, ownKey, startCanaryGateway } from './planted-gateway.ts';

const planted = JSON.stringify(`${secrets.map(({ value }) => value).join('\n')}\n    at ${secrets[1]?.value}`);

async function canaryGateway(
  nodeArgs: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<CanaryGateway> {
  const gateway = await startCanaryGateway(env, { nodeArgs });
  onTestFinished(gateway.close);
  return gateway;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.each([
  ['an uncaught error', `throw new Error(${planted})`],
  ['an unhandled rejection', `Promise.reject(new Error('a', { cause: new Error(${planted}) }))`],
  ['a thrown string', `throw ${planted}`],
])('%s ends the process with code 1 and one line without a secret', async (_, code) => {
  const gateway = await canaryGateway(onSignal('SIGWINCH', code));
  gateway.kill('SIGWINCH');
  const readiness = new URL('/readyz', gateway.url);
  await until(async () => (await fetch(readiness)).status === 503);
  expect(await gateway.exit).toEqual({ code: 1, signal: null });
  const lines = gateway
    .stderr()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ level: 'error', msg: expect.stringMatching(/^unexpected: /) }]);
  expect(shownIn(gateway.stdout() + gateway.stderr(), gateway.canaries)).toEqual([]);
});

test('the signals of the debugger and of heap snapshots are ignored, and warnings and console output are logged without texts', async () => {
  const consoleCall = `console.error('A library failed.', new Error(${planted}), { secret: ${planted} })`;
  const code = `process.emitWarning(${planted}, { code: 'PLANTED' }); ${consoleCall}; console.warn(process.debugPort && 'still here')`;
  const gateway = await canaryGateway(['--heapsnapshot-signal=SIGUSR2', ...onSignal('SIGWINCH', code)]);
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const) gateway.kill(signal);
  await until(() => gateway.stderr().includes('still here'));
  await until(() => gateway.stderr().includes('PLANTED'));
  expect(gateway.stderr()).not.toMatch(/debugger|listening|heap/i);
  const lines = gateway.stderr().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
    expect.objectContaining({ msg: expect.stringMatching(/^console: A library failed. unexpected: Error/) }),
  );
  expect(shownIn(gateway.stderr(), gateway.canaries)).toEqual([]);
});

test.each([
  ['NODE_DEBUG', 'http'],
  ['NODE_OPTIONS', '--heapsnapshot-signal=SIGUSR2'],
  ['NODE_OPTIONS', '--report-on-signal'],
])('with %s=%s the gateway does not start', async (name, value) => {
  await expect(startCanaryGateway({ [name]: value })).rejects.toThrow(`${name}: expected no option`);
});

test('the access key is used, and no dump of the environment contains it', async () => {
  const gateway = await canaryGateway(
    onSignal('SIGWINCH', `console.log(JSON.stringify(process.env), process.report.getReport())`),
  );
  const answer = await ask(gateway.url, '{ __typename }').catch(() => undefined);
  expect(answer?.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gateway.tokens.other}` },
    body: JSON.stringify({ query: '{ jobs(first: 1) { nodes { id state } } }' }),
  });
  expect(await response.json()).toMatchObject({ data: { jobs: { nodes: [{ id: expect.any(String) }] } } });
  gateway.kill('SIGWINCH');
  await until(() => gateway.stdout().includes('WAYBILL_AUTH'));
  expect(gateway.stdout()).not.toMatch(/AWS_ACCESS_KEY_ID|AWS_SECRET|AWS_SESSION/);
  expect(gateway.stdout()).not.toContain(ownKey.secretAccessKey);
});

test('responses do not depend on NODE_ENV', async () => {
  const responses: unknown[] = [];
  for (const NODE_ENV of ['development', 'test', 'production', '']) {
    const gateway = await startChildGateway({ NODE_ENV });
    const answers = ['{ jobz }', '{ jobs(first: "x") { nodes { id } } }', '{', '{ job(id: "x") { id } }'];
    responses.push(await Promise.all(answers.map((query) => ask(gateway.url, query))));
  }
  for (const answer of responses) expect(answer).toEqual(responses[0]);
});

test('no page or refusal repeats its request', async () => {
  const gateway = await canaryGateway([], { WAYBILL_METRICS_PORT: '0' });
  const metricsUrl = /metrics +(\S+)/.exec(gateway.stdout())?.[1] ?? '';
  expect(metricsUrl).toMatch(/^http:.*\/metrics$/);
  for (const { value } of gateway.canaries) {
    const headers = { cookie: value.replaceAll('\n', ' '), 'content-type': 'application/json' };
    const long = `${value}${'x'.repeat(140_000)}`;
    const requests: readonly [string, RequestInit][] = [
      ['/readyz', {}],
      ['/livez', {}],
      ['/', { redirect: 'manual' }],
      [`/${encodeURIComponent(value)}`, {}],
      ['/graphql', { method: 'DELETE' }],
      ['/graphql', { method: 'POST', body: long }],
      ['/graphql', { method: 'POST', body: value }],
      [`/graphql?${'x'.repeat(20_000)}`, {}],
      [metricsUrl, {}],
      [`${metricsUrl}/${encodeURIComponent(value)}`, {}],
    ];
    for (const [path, init] of requests) {
      const response = await fetch(new URL(path, gateway.url), { ...init, headers });
      const text = [...response.headers].join('\n') + (await response.text());
      expect([path.slice(0, 20), shownIn(text, gateway.canaries)]).toEqual([path.slice(0, 20), []]);
    }
  }
  expect(shownIn(gateway.stdout() + gateway.stderr(), gateway.canaries)).toEqual([]);
});

test('the schema contains no key, account or host', () => {
  const schema = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8');
  expect(schema).not.toMatch(/\b(?:AKIA|ASIA)[A-Z0-9]{8,}|-----BEGIN|wbt_[\w-]{8,}|\beyJ[\w-]{8,}|\b\d{12}\b/);
  expect(schema).not.toMatch(/\b(?:10|127|192)\.\d+\.\d+\.\d+|localhost|\.internal\b|\.local\b/);
});
