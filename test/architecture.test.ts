/** The rules of the house, as a program: who may import whom, and where time, chance and the environment come from. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', 'src');

/** What stands beside the two clients and serves both. */
const sharedByClients = [
  'attempt',
  'backend',
  'bucket-name',
  'credentials',
  'guard',
  'http-date',
  'list-entries',
  'list-reach',
  'observer',
  'partial-read',
  'retry',
  'retry-after',
  'second-signature',
  'transport',
].map((name) => `backends/${name}.ts`);

/**
 * What each room may import of ours, by path prefix below `src`; the first rule whose `from` fits a file holds for it.
 * A room may always import itself.
 */
const rules: readonly { from: string; may: readonly string[] }[] = [
  {
    from: 'main.ts',
    may: [
      'server',
      'access/token-command',
      'config',
      'environment-key',
      'last-resort',
      'log',
      'schema/print',
      'scrub',
      'stderr-lines',
      'backends/emulator/',
      'graphiql',
    ],
  },
  { from: 'server.ts', may: ['assembly', 'clock', 'listener', 'watch/watcher'] },
  { from: 'assembly.ts', may: [''] },
  { from: 'storage.ts', may: ['clock', 'config', 'store/'] },
  { from: 'services.ts', may: ['clock', 'config', 'backends/'] },
  {
    from: 'watching.ts',
    may: [
      'clock',
      'config',
      'backends/backend',
      'state-sources',
      'storage',
      'store/key',
      'telemetry/metrics',
      'watch/',
    ],
  },
  {
    from: 'listener.ts',
    may: ['access/socket-admission', 'assembly', 'config', 'routes', 'server-end', 'websocket'],
  },
  { from: 'server-end.ts', may: ['clock'] },
  { from: 'stderr-lines.ts', may: ['clock'] },
  { from: 'secret.ts', may: [] },
  { from: 'scrub.ts', may: [] },
  { from: 'unforeseen.ts', may: [] },
  { from: 'log.ts', may: ['access/operation-log', 'clock', 'scrub', 'secret', 'unforeseen'] },
  { from: 'last-resort.ts', may: ['clock', 'unforeseen'] },
  { from: 'environment-key.ts', may: [] },
  // Whoever holds a job must not be able to print what is secret of it: the model itself says what that is.
  { from: 'job.ts', may: ['secret'] },
  { from: 'job-request.ts', may: ['job'] },
  { from: 'job-input-sizes.ts', may: [] },
  { from: 'errors.ts', may: ['job'] },
  { from: 'clock.ts', may: [] },
  { from: 'endings.ts', may: [] },
  { from: 'deadline.ts', may: ['clock'] },
  { from: 'config.ts', may: ['config-'] },
  { from: 'config-variables.ts', may: [] },
  { from: 'config-contradictions.ts', may: ['config-variables'] },
  { from: 'loaders.ts', may: ['job', 'backends/backend', 'backends/data-exchange/batch', 'shared-reads/gathering'] },
  {
    from: 'shared-reads/',
    may: [
      'job',
      'errors',
      'clock',
      'deadline',
      'backends/backend',
      'backends/data-exchange/batch',
      'watch/sightings',
      'watch/state-source',
    ],
  },
  {
    from: 'state-sources.ts',
    may: ['job', 'backends/backend', 'data-exchange-states', 'import-export-states', 'watch/'],
  },
  {
    from: 'data-exchange-states.ts',
    may: ['job', 'backends/backend', 'backends/list-reach', 'budgeted', 'watch/'],
  },
  { from: 'import-export-states.ts', may: ['job', 'backends/backend', 'budgeted', 'watch/'] },
  { from: 'budgeted.ts', may: ['errors', 'watch/'] },
  {
    from: 'context.ts',
    may: ['access/caller', 'loaders', 'creates/', 'backends/backend', 'watch/'],
  },
  {
    from: 'operation-context.ts',
    may: ['access/', 'context', 'clock', 'deadline', 'loaders', 'shared-reads/', 'watch/'],
  },
  { from: 'error-mask.ts', may: ['access/quoted-values', 'errors', 'resolvers/failures', 'watch/stream-error'] },
  { from: 'executor.ts', may: ['context', 'shared-execution'] },
  {
    from: 'shared-execution.ts',
    may: ['access/caller', 'context', 'resolvers/failures', 'schema/checked-rights', 'watch/stream-error'],
  },
  { from: 'graphiql.ts', may: ['backends/emulator/demo', 'resolvers/global-id'] },
  { from: 'websocket.ts', may: ['access/', 'clock', 'unforeseen', 'websocket-'] },
  { from: 'websocket-end.ts', may: ['clock', 'deadline', 'websocket-protocol'] },
  { from: 'websocket-protocol.ts', may: ['access/', 'clock', 'websocket-'] },
  { from: 'websocket-message.ts', may: [] },
  { from: 'websocket-operations.ts', may: [] },
  { from: 'websocket-keep-alive.ts', may: ['clock'] },
  { from: 'websocket-inflow.ts', may: ['access/message-rate', 'access/received-bytes', 'clock'] },
  {
    from: 'websocket-operation.ts',
    may: ['access/', 'context', 'operation-context', 'websocket-operations'],
  },
  // What replies of a job type can be relied on is said beside the client; the search for a lost job goes by it.
  {
    from: 'creates/',
    may: [
      'job',
      'errors',
      'clock',
      'deadline',
      'store/',
      'backends/backend',
      'backends/data-exchange/same-work',
      'backends/list-reach',
    ],
  },
  { from: 'store/', may: ['clock', 'deadline'] },
  { from: 'watch/', may: ['job', 'clock', 'store/'] },
  { from: 'access/', may: ['clock', 'deadline'] },
  { from: 'gateway.ts', may: [''] },
  {
    from: 'telemetry/',
    may: [
      'clock',
      'access/operation-log',
      'access/origins',
      'backends/observer',
      'watch/anomaly',
      'watch/transition-log',
    ],
  },
  { from: 'routes.ts', may: ['access/', 'websocket-operation'] },
  { from: 'backends/emulator/', may: ['clock'] },
  { from: 'backends/import-export/', may: ['job', 'secret', 'errors', 'clock', 'deadline', ...sharedByClients] },
  { from: 'backends/data-exchange/', may: ['job', 'secret', 'errors', 'clock', 'deadline', ...sharedByClients] },
  { from: 'backends/index.ts', may: ['clock', 'backends/'] },
  { from: 'backends/', may: ['job', 'errors', 'clock', 'deadline', 'backends/'] },
  {
    from: 'resolvers/',
    may: [
      'access/caller',
      'job',
      'secret',
      'errors',
      'context',
      'loaders',
      'creates/',
      'backends/backend',
      'backends/list-reach',
      'watch/',
    ],
  },
  {
    from: 'schema/',
    may: ['access/caller', 'job', 'errors', 'context', 'resolvers/', 'watch/events', 'watch/transition-log'],
  },
];

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

function importsOf(file: string): readonly string[] {
  const source = sources.get(file) ?? '';
  const specifiers = [...source.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';/gms)].map(
    (match) => match[1] ?? '',
  );
  const bare = [...source.matchAll(/^import '([^']+)';/gm)].map((match) => match[1] ?? '');
  return [...specifiers, ...bare];
}

function ownImportsOf(file: string): readonly string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(join(dirname(file), specifier)));
}

test('every file imports only what its room may', () => {
  const broken = files.flatMap((file) => {
    const rule = rules.find(({ from }) => file === from || (from.endsWith('/') && file.startsWith(from)));
    if (rule === undefined) return [`${file}: no rule says what it may import`];
    const allowed = rule.from.endsWith('/') ? [...rule.may, rule.from] : rule.may;
    return ownImportsOf(file)
      .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
      .map((target) => `${file} imports ${target}`);
  });
  expect(broken).toEqual([]);
});

test('nothing imports in a circle', () => {
  const circles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (finished.has(file) || path.includes(file)) return;
    for (const target of ownImportsOf(file)) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('every file is reached from the command', () => {
  const reached = new Set<string>();
  const reach = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    ownImportsOf(file).forEach(reach);
  };
  reach('main.ts');
  expect(files.filter((file) => !reached.has(file))).toEqual([]);
});

test('Pothos stays in the schema, AWS names in the backends', () => {
  const strays = files.flatMap((file) =>
    importsOf(file)
      .filter(
        (specifier) =>
          (specifier.startsWith('@pothos/') && !file.startsWith('schema/')) ||
          (/^(@aws-sdk|@smithy)\//.test(specifier) && !/^backends\/(index|import-export|data-exchange)/.test(file)),
      )
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(strays).toEqual([]);
});

test.each([
  { what: 'process.env', pattern: /process\.env/, where: ['main.ts'] },
  {
    what: 'the system clock and chance',
    pattern: /\b(Date\.now|Math\.random|setTimeout\(|setInterval\()/,
    where: ['server.ts'],
  },
])('$what is read in $where alone', ({ pattern, where }) => {
  const readers = files.filter((file) => pattern.test(sources.get(file) ?? ''));
  expect(readers.filter((file) => !where.includes(file))).toEqual([]);
});

test('a resolver in the schema is a named function from the resolvers', () => {
  const bodies = files
    .filter((file) => file.startsWith('schema/'))
    .filter((file) => /\b(resolve|subscribe): (async )?(\(|function)/.test(sources.get(file) ?? ''));
  expect(bodies).toEqual([]);
});

test('the project has no file that answers no question of its own', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc)\b/.test(relative('.', file)));
  expect(vague).toEqual([]);
});
