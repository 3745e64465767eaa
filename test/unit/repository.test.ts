/** Checks that the repository contains no secrets, fixtures included. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** Contains invented secrets, so that tests can find leaks of them. */
const planted = 'test/support/planted-secrets.ts';

const patterns = [
  { what: 'an AWS access key id', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/ },
  { what: 'a token of the gateway', pattern: /\bwbt_[A-Za-z0-9_-]{43}/ },
  {
    what: 'a token of GitHub, npm or Slack',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|npm_[A-Za-z0-9]{36}|xox[abprs]-)/,
  },
];

const generated = new Set(['.git', '.waybill', 'coverage', 'dist', 'node_modules']);

/** Reads the file system rather than git, which an exported tree does not have. */
function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

const files = filesIn('.').filter((file) => file !== planted);

test.each(patterns)('no file of the repository contains $what', ({ pattern }) => {
  expect(files.length).toBeGreaterThan(300);
  const holders = files.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')));
  expect(holders).toEqual([]);
});

test('the patterns find a planted secret', () => {
  expect(patterns[0]?.pattern.test(readFileSync(join(root, planted), 'utf8'))).toBe(true);
});

/** The key of AWS's documentation, which is the only one that the emulator accepts, and URLs that tests plant. */
const allowed = {
  '@secretlint/secretlint-rule-aws': ['wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'],
  '@secretlint/secretlint-rule-database-connection-string': ['/^postgres:\\/\\/waybill:(?:hunter2|00ff)@/'],
};

const rules = Object.entries(allowed).map(([id, allows]) => ({ id, options: { allows } }));

/** The findings of secretlint's recommended rules in a file of this content. */
async function foundIn(filePath: string, content: string): Promise<readonly string[]> {
  const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, rules }] };
  const source = { filePath, content, contentType: 'text', ext: extname(filePath) } as const;
  const { messages } = await lintSource({ source, options: { config } });
  return messages.map(({ ruleId, loc }) => `${filePath}:${loc.start.line} ${ruleId}`);
}

test('secretlint finds nothing in any file of the repository', async () => {
  const found = await Promise.all(files.map((file) => foundIn(file, readFileSync(join(root, file), 'utf8'))));
  expect(found.flat()).toEqual([]);
});

test('secretlint finds a token, a key and the URL of a database', async () => {
  const key = `AWS_SECRET_ACCESS_KEY=${'wJplanted7MDENG/bPxRfiCYPLANTEDKEY+K7aQzxyzA'.slice(0, 40)}`;
  for (const text of [`ghp_${'a'.repeat(36)}`, key, `postgres://waybill:${'planted'}@db.example/x`])
    expect([text, await foundIn('a.ts', text)]).toEqual([text, [expect.stringContaining('a.ts:1 ')]]);
});
