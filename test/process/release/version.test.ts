/** `npm version`: what it refuses, and what it changes besides package.json. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/gateway.ts';

const release = join(import.meta.dirname, '..', '..', '..', 'release');

const job = 'type Query {\n  job: String\n  jobs: [String!]!\n}\n';
const wider = 'type Query {\n  job: String\n  jobs: [String!]!\n  more: Int\n}\n';
const broken = 'type Query {\n  jobs: [String!]!\n}\n';

interface Project {
  readonly version: string;
  readonly released: string;
  readonly schema: string;
  readonly unreleased?: string;
}

/** A project with the same scripts, whose last release has the schema `released`. */
function projectWith({ version, released, schema, unreleased = '- More.\n\n' }: Project): string {
  const folder = temporaryFolder();
  const scripts = {
    preversion: `node ${join(release, 'check-release.js')}`,
    version: `node ${join(release, 'prepare-release.js')}`,
  };
  const files = {
    'package.json': JSON.stringify({ name: 'project', version, private: true, workspaces: ['client'], scripts }),
    'client/package.json': JSON.stringify({ name: 'project-client', version, private: true }),
    '.npmrc': 'message=Release %s\n',
    'CHANGELOG.md': `# Changelog\n\n## Unreleased\n\n${unreleased}## ${version}\n\nThe first.\n`,
    'schema.graphql': schema,
    [`test/unit/schema/released-${version}.graphql`]: released,
    'test/unit/schema/accepted-changes.ts': 'const accepted: readonly Change[] = [\n  { reason: "r" },\n];\n\nrest\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Commits what is there, with the schema of the release below its tag. */
async function commit(folder: string, { version, released, schema }: Project): Promise<void> {
  await run(folder, 'npm', 'install', '--package-lock-only', '--offline', '--no-audit');
  writeFileSync(join(folder, 'schema.graphql'), released);
  await run(folder, 'git', 'init', '--quiet');
  await run(folder, 'git', 'add', '.');
  await run(folder, 'git', 'commit', '--quiet', '--message', 'The first');
  await run(folder, 'git', 'tag', `v${version}`);
  writeFileSync(join(folder, 'schema.graphql'), schema);
  await run(folder, 'git', 'commit', '--quiet', '--all', '--message', 'More');
}

/** Runs the check as npm does before it sets the version. */
async function check({ version, ...project }: Project, next: string): Promise<string> {
  const folder = projectWith({ version, ...project });
  const env = { ...process.env, npm_old_version: version, npm_new_version: next };
  const script = join(release, 'check-release.js');
  return (await promisify(execFile)(process.execPath, [script], { cwd: folder, env })).stderr;
}

/** The standard output; rejects with both outputs. */
async function run(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const author = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b.example' };
  const committer = { GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b.example' };
  const env = { PATH, HOME: cwd, npm_config_logs_max: '0', ...author, ...committer };
  return (await promisify(execFile)(program, [...args], { cwd, env })).stdout;
}

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

test('a release moves the heading of the changelog and the released schema, empties the accepted changes, and is tagged', async () => {
  const project = { version: '1.2.3', released: job, schema: wider };
  const folder = projectWith(project);
  await commit(folder, project);
  await run(folder, 'npm', 'version', 'minor');
  expect(read(folder, 'CHANGELOG.md').replace(/\(\d{4}-\d\d-\d\d\)/, '(<date>)')).toBe(
    '# Changelog\n\n## Unreleased\n\n## 1.3.0 (<date>)\n\n- More.\n\n## 1.2.3\n\nThe first.\n',
  );
  expect(read(folder, 'test/unit/schema/released-1.3.0.graphql')).toBe(wider);
  expect(existsSync(join(folder, 'test/unit/schema/released-1.2.3.graphql'))).toBe(false);
  expect(read(folder, 'test/unit/schema/accepted-changes.ts')).toBe(
    'const accepted: readonly Change[] = [];\n\nrest\n',
  );
  expect(JSON.parse(read(folder, 'client/package.json'))).toMatchObject({ version: '1.3.0' });
  expect(await run(folder, 'git', 'status', '--porcelain')).toBe('');
  expect(await run(folder, 'git', 'log', '-1', '--format=%s, %D')).toMatch(
    /^Release 1\.3\.0, HEAD -> \w+, tag: v1\.3\.0\n$/,
  );
}, 60_000);

test('a minor version whose schema breaks clients is refused, and nothing is changed', async () => {
  const project = { version: '1.2.3', released: job, schema: broken };
  const folder = projectWith(project);
  await commit(folder, project);
  const refused = run(folder, 'npm', 'version', 'minor');
  await expect(refused).rejects.toThrow('found what needs a major version (compared with v1.2.3:schema.graphql)');
  await expect(refused).rejects.toThrow("  Field 'job' was removed from object type 'Query'\n");
  expect(await run(folder, 'git', 'status', '--porcelain')).toBe('');
  expect(JSON.parse(read(folder, 'package.json'))).toMatchObject({ version: '1.2.3' });
}, 60_000);

test.each([
  ['1.2.3', '1.2.4', 'a major version'],
  ['1.2.3', '1.3.0-rc.1', 'a major version'],
  ['0.2.3', '0.2.4', 'a minor version'],
])('after %s a schema that breaks clients is refused for %s', async (version, next, need) => {
  const refused = check({ version, released: job, schema: broken }, next);
  const compared = `(compared with test/unit/schema/released-${version}.graphql)`;
  await expect(refused).rejects.toThrow(`in ${next}, found what needs ${need} ${compared}`);
});

test.each([
  ['1.2.3', '2.0.0', broken],
  ['0.2.3', '0.3.0', broken],
  ['0.2.3', '0.2.4', wider],
])('after %s the version %s is right for its schema', async (version, next, schema) => {
  expect(await check({ version, released: job, schema }, next)).toBe('');
});

test('a release without a line in the changelog is refused', async () => {
  const project = { version: '0.2.3', released: job, schema: wider, unreleased: '' };
  const fault = 'CHANGELOG.md: expected what has changed below "## Unreleased", found nothing';
  await expect(check(project, '0.2.4')).rejects.toThrow(fault);
});
