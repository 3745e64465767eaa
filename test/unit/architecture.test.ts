/** The architecture rules: which folder may import which, and where time, randomness and the environment are read. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..', 'src');

/** The folders that each folder may import; `main.ts` counts as a folder. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  // The model itself marks what is secret, so that nobody can print a job's secrets.
  model: ['base'],
  emulator: ['base'],
  log: ['base'],
  identity: ['base'],
  limits: ['identity', 'model'],
  config: ['base', 'identity', 'limits'],
  store: ['base'],
  watch: ['base', 'model', 'store'],
  backends: ['base', 'model', 'watch'],
  telemetry: ['backends', 'base', 'limits', 'log', 'watch'],
  reads: ['backends', 'base', 'model', 'watch'],
  creates: ['backends', 'base', 'model', 'store'],
  resolvers: ['backends', 'base', 'creates', 'identity', 'model', 'reads', 'watch'],
  schema: ['identity', 'model', 'resolvers', 'watch'],
  execution: [
    ...['base', 'config', 'creates', 'emulator', 'identity', 'limits', 'log', 'reads', 'resolvers', 'schema'],
    ...['telemetry', 'watch'],
  ],
  transport: ['base', 'config', 'execution', 'identity', 'limits', 'log'],
  app: [
    ...['backends', 'base', 'config', 'creates', 'emulator', 'execution', 'identity', 'limits', 'log'],
    ...['reads', 'store', 'telemetry', 'transport', 'watch'],
  ],
  cli: ['app', 'base', 'config', 'emulator', 'identity', 'log', 'schema'],
  'main.ts': ['cli'],
};

/** Folders within a folder that may not import each other. */
const apart: readonly (readonly [from: string, to: string])[] = [
  ['backends/data-exchange/', 'backends/import-export/'],
  ['backends/import-export/', 'backends/data-exchange/'],
  ['backends/calls/', 'backends/data-exchange/'],
  ['backends/calls/', 'backends/import-export/'],
];

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

function importsOf(file: string): readonly string[] {
  const source = sources.get(file) ?? '';
  const specifiers = [...source.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';/gms)].map(
    (match) => match[1] ?? '',
  );
  const bare = [...source.matchAll(/^import '([^']+)';/gm)].map((match) => match[1] ?? '');
  return [...specifiers, ...bare, ...dynamicImportsOf(file)];
}

/** What `file` loads when it needs it. */
function dynamicImportsOf(file: string): readonly string[] {
  return [...(sources.get(file) ?? '').matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1] ?? '');
}

/** What is loaded with `file`; types are not. */
function loadedWith(file: string): readonly string[] {
  const source = sources.get(file) ?? '';
  return [...source.matchAll(/^(?:import|export)\b(?! type\b)(?:[^;]*?\bfrom)? '([^']+)';/gms)].map(
    (match) => match[1] ?? '',
  );
}

function ownImportsOf(file: string): readonly string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(file), specifier)));
}

const folderOf = (file: string): string => file.split('/')[0] ?? file;

test('every folder has a rule, and every rule a folder', () => {
  expect([...new Set(files.map(folderOf))].toSorted()).toEqual(Object.keys(mayImport).toSorted());
});

test('each folder imports only folders above it in the list', () => {
  const order = Object.keys(mayImport);
  const upward = order.flatMap((folder, index) =>
    (mayImport[folder] ?? [])
      .filter((other) => order.indexOf(other) >= index)
      .map((other) => `${folder} imports ${other}`),
  );
  expect(upward).toEqual([]);
});

test('src contains only folders and main.ts', () => {
  expect(files.filter((file) => !file.includes('/'))).toEqual(['main.ts']);
});

test('every folder imports something of each folder that it may', () => {
  const used = new Set(
    files.flatMap((file) => ownImportsOf(file).map((target) => `${folderOf(file)} ${folderOf(target)}`)),
  );
  const unused = Object.entries(mayImport).flatMap(([folder, others]) =>
    others.filter((other) => !used.has(`${folder} ${other}`)).map((other) => `${folder} need not import ${other}`),
  );
  expect(unused).toEqual([]);
});

test('every file imports only what its folder may', () => {
  const isAllowed = (file: string, target: string): boolean =>
    folderOf(file) === folderOf(target)
      ? !apart.some(([from, to]) => file.startsWith(from) && target.startsWith(to))
      : (mayImport[folderOf(file)]?.includes(folderOf(target)) ?? false);
  const broken = files.flatMap((file) =>
    ownImportsOf(file)
      .filter((target) => !isAllowed(file, target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(broken).toEqual([]);
});

test('no imports are circular', () => {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (finished.has(file) || path.includes(file)) return;
    for (const target of ownImportsOf(file)) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});

test('every file is imported from main.ts, directly or indirectly', () => {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    ownImportsOf(file).forEach(reach);
  };
  reach('main.ts');
  expect(files.filter((file) => !reached.has(file))).toEqual([]);
});

test('what a start loads at once imports nothing that it loads only when needed', () => {
  const resolved = (file: string, specifier: string): string =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    loaded.add(file);
    for (const specifier of loadedWith(file)) load(resolved(file, specifier));
  };
  for (const command of ['main.ts', 'cli/serve.ts']) load(command);
  expect(loaded).toContain('transport/routes.ts');
  const later = files.flatMap((file) => dynamicImportsOf(file).map((specifier) => resolved(file, specifier)));
  expect(later).toContain('telemetry/tracing.ts');
  expect(later.filter((file) => file !== 'cli/serve.ts' && loaded.has(file))).toEqual([]);
});

test('only the schema imports Pothos, and only the backends import the AWS SDK', () => {
  const strays = files.flatMap((file) =>
    importsOf(file)
      .filter(
        (specifier) =>
          (specifier.startsWith('@pothos/') && !file.startsWith('schema/')) ||
          (/^(@aws-sdk|@smithy)\//.test(specifier) &&
            !/^backends\/(index|calls|import-export|data-exchange)/.test(file)),
      )
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strays).toEqual([]);
});

test.each([
  { what: 'process.env', pattern: /process\.env/, where: ['main.ts'] },
  {
    what: 'the system clock and randomness',
    pattern: /\b(Date\.now|Math\.random|setTimeout\(|setInterval\()/,
    where: ['app/system-clock.ts'],
  },
])('$what is read only in $where', ({ pattern, where }) => {
  const readers = files.filter((file) => pattern.test(sources.get(file) ?? ''));
  expect(readers.filter((file) => !where.includes(file))).toEqual([]);
});

test('no file follows promises by node:async_hooks, which on Node 20 slows every promise of the process', () => {
  expect(files.filter((file) => importsOf(file).some((name) => /^(node:)?async_hooks$/.test(name)))).toEqual([]);
});

test('every resolver in the schema is a named function of the resolvers', () => {
  const bodies = files
    .filter((file) => file.startsWith('schema/'))
    .filter((file) => /\b(resolve|subscribe): (async )?(\(|function)/.test(sources.get(file) ?? ''));
  expect(bodies).toEqual([]);
});

test('waybill-client imports only its own files and what its users have', () => {
  const client = join(root, '..', 'client', 'src');
  const strays = readdirSync(client, { encoding: 'utf8' }).flatMap((file) =>
    [...readFileSync(join(client, file), 'utf8').matchAll(/(?:\bfrom|\bimport\(|^import) ?'([^']+)'/gm)]
      .map(([, specifier = '']) => specifier)
      .filter((specifier) => !/^(\.\/[\w-]+\.ts|graphql-ws|react)$/.test(specifier))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strays).toEqual([]);
});

test('no file is named utils, helpers, common or misc', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)\b/.test(relative('.', file)));
  expect(vague).toEqual([]);
});

/** The files of a folder of the repository and what they import, styles and types included. */
function importsIn(folder: string): readonly (readonly [file: string, specifier: string])[] {
  const path = join(root, '..', folder);
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  return names.flatMap((name) => {
    const source = readFileSync(join(path, name), 'utf8');
    const specifiers = source.matchAll(/^(?:import|export)\b(?:[^;]*?\bfrom)? '([^']+)';|\bimport\('([^']+)'\)/gms);
    return [...specifiers].map((match) => [join(folder, name), match[1] ?? match[2] ?? ''] as const);
  });
}

test.each([
  // What a page is made of. Of the gateway it knows the public schema, by way of the client.
  ['board/src', /^(gql\.tada|preact|wouter-preact|waybill-client|graphql-ws|spark-md5|virtual:input-types|yaml)(\/|$)/],
  ['client/src', /^(react|graphql-ws)$/],
])('%s imports nothing of src, and only packages that it may', (folder, packages) => {
  const imports = importsIn(folder);
  expect(imports.length).toBeGreaterThan(5);
  const strays = imports.filter(([file, specifier]) =>
    specifier.startsWith('.')
      ? !normalize(join(dirname(file), specifier)).startsWith(`${folder}/`)
      : !packages.test(specifier),
  );
  expect(strays).toEqual([]);
});
