/** Checks that images, Compose and Kubernetes set what the gateway knows, and agree with how it starts, ends and limits itself. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hardExitMs } from '../../../src/cli/stop-on-signal.ts';
import { type Config, configFrom } from '../../../src/config/config.ts';
import { variables } from '../../../src/config/variables.ts';
import {
  composeService,
  dockerInstructions,
  type Environment,
  imageEnvironment,
  kubernetesObject,
  textOf,
} from '../../support/deploy-files.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const texts = z.record(z.string(), z.string());

const container = z.looseObject({
  args: z.array(z.string()),
  resources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }),
  lifecycle: z.looseObject({ preStop: z.looseObject({ sleep: z.looseObject({ seconds: z.number() }) }) }).optional(),
});

const workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        enableServiceLinks: z.literal(false),
        terminationGracePeriodSeconds: z.number(),
        containers: z.tuple([container]),
      }),
    }),
  }),
});

const { spec: pod } = kubernetesObject('Deployment', 'waybill', workload).spec.template;
const kubernetes: Environment = {
  ...imageEnvironment(),
  ...kubernetesObject('ConfigMap', 'waybill', z.looseObject({ data: texts })).data,
  ...kubernetesObject('Secret', 'waybill', z.looseObject({ stringData: texts })).stringData,
};
const emulatorOverride = 'deploy/docker/compose.emulator.yaml';
const environments: Readonly<Record<string, Environment>> = {
  'the image with authentication': { ...imageEnvironment(), WAYBILL_AUTH: 'tokens' },
  'compose.yaml': { ...imageEnvironment(), ...composeService('gateway').environment },
  'the gateway over the emulator': {
    ...imageEnvironment(),
    ...composeService('gateway', emulatorOverride).environment,
  },
  'the emulator': { ...imageEnvironment(), ...composeService('emulator', emulatorOverride).environment },
  Kubernetes: kubernetes,
};

/** Of Node and of the AWS SDK. */
const foreign = ['NODE_ENV', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

test.each(Object.entries(environments))('%s sets only variables that are known, to values that are valid', (_, env) => {
  const unknown = Object.keys(env).filter((name) => !(name in variables || foreign.includes(name)));
  expect(unknown).toEqual([]);
  expect(() => configFrom(env)).not.toThrow();
});

test('the image without authentication does not start, as it listens beyond loopback', () => {
  expect(() => configFrom(imageEnvironment())).toThrow();
});

test('a service called waybill would set a variable that the gateway takes for a misspelt setting', () => {
  expect(() => configFrom({ ...kubernetes, WAYBILL_SERVICE_HOST: '10.0.0.1' })).toThrow();
});

test('what is deployed shares a Redis, asks for a token, and serves its metrics to other machines', () => {
  for (const name of ['compose.yaml', 'Kubernetes']) {
    const expected: Partial<Config> = { backend: 'aws', host: '0.0.0.0', metricsHost: '0.0.0.0', metricsPort: 9464 };
    expect(configFrom(environments[name] ?? {})).toMatchObject({ ...expected, auth: { mode: 'tokens' } });
    expect(environments[name]).toHaveProperty('WAYBILL_REDIS_URL');
  }
});

test('a container is killed only after the gateway would have ended by itself', () => {
  const beforeSignalMs = (pod.containers[0].lifecycle?.preStop.sleep.seconds ?? 0) * 1_000;
  expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(beforeSignalMs + hardExitMs);
  expect(composeService('gateway').stop_grace_period).toBe('15s');
  expect(15_000).toBeGreaterThan(hardExitMs);
});

/** For Node's code and buffers and the young generation. A gateway that has just started has 110 MB in all (Node 24). */
const besideHeapMiB = 150;

test.each([
  ['Kubernetes', kubernetes, pod.containers[0].resources.limits.memory],
  ['compose.yaml', composeService('gateway').environment, composeService('gateway').mem_limit],
])('in %s the heap and what is beside it fit into the memory of the container', (_, env, limit) => {
  const [, heapMiB] = /^--max-old-space-size=(\d+)$/.exec(env['NODE_OPTIONS'] ?? '') ?? [];
  const [, limitMiB] = /^(\d+)(?:Mi|m)$/.exec(limit ?? '') ?? [];
  expect(Number(heapMiB) + besideHeapMiB).toBeLessThan(Number(limitMiB));
});

test('every Redis has the settings that the gateway warns of when they are missing', () => {
  const redis = kubernetesObject('StatefulSet', 'waybill-redis', workload).spec.template.spec.containers[0].args;
  for (const args of [redis, composeService('redis').command ?? []]) {
    const line = args.join(' ');
    for (const setting of ['--appendonly yes', '--appendfsync always', '--maxmemory-policy noeviction'])
      expect(line).toContain(setting);
  }
});

test('the Dockerfile copies what exists and what .dockerignore admits', () => {
  const admitted = textOf('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  expect(admitted.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  const copied = dockerInstructions()
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1))
    .filter((path) => path !== '.');
  expect(copied.length).toBeGreaterThan(2);
  const left = copied.filter((path) => !admitted.some((each) => path === each || path.startsWith(`${each}/`)));
  expect(left).toEqual([]);
});

test('no stage of the image runs the program as root, and its base has no shell', () => {
  const lines = dockerInstructions();
  expect(lines.filter((line) => line.startsWith('FROM '))).toEqual([
    'FROM node:24-trixie-slim AS build',
    'FROM gcr.io/distroless/nodejs24-debian13:nonroot AS compiled',
    'FROM gcr.io/distroless/nodejs24-debian13:nonroot',
  ]);
  expect(lines).toContain('USER 65532:65532');
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  for (const line of last.filter((each) => /^(?:RUN|CMD|ENTRYPOINT) /.test(each))) expect(line).toMatch(/^[A-Z]+ \[/);
});
