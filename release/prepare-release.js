/**
 * Puts the new version where it belongs besides package.json, and stages it for the commit that `npm version` makes: the changelog's
 * heading, the schema that later ones are compared with, and the client's version, which is that of the gateway.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRelease } from './changelog.js';
import { nextVersion } from './next-version.js';

const { from, to } = nextVersion();
const folder = join('test', 'unit', 'schema');
const accepted = join(folder, 'accepted-changes.ts');

const today = new Date().toISOString().slice(0, 10);
change('CHANGELOG.md', (text) => withRelease(text, to, today));
const [old, released] = [from, to].map((version) => join(folder, `released-${version}.graphql`));
if (existsSync(old)) renameSync(old, released);
writeFileSync(released, readFileSync('schema.graphql'));
change(accepted, (text) => text.replace(/^(const accepted: .*= \[)\n[\s\S]*?^\];/m, '$1];'));
const client = ['version', to, '--workspace', 'client', '--no-git-tag-version', '--no-workspaces-update'];
execFileSync('npm', [...client, '--ignore-scripts'], { stdio: ['ignore', 'ignore', 'inherit'] });
execFileSync('git', ['add', '--all', 'CHANGELOG.md', folder, 'client/package.json', 'package-lock.json']);

function change(file, edit) {
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}
