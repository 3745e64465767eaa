/** The code in `docs/clients.md` and `docs/clients/` is that of the recipes, which run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');

const pages = ['clients.md', ...readdirSync(join(docs, 'clients')).map((name) => join('clients', name))];

/** A line with the name of a file, and the code block below it. */
const shownFile = /^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm;

const shown = pages.flatMap((page) =>
  Array.from(readFileSync(join(docs, page), 'utf8').matchAll(shownFile), ([, name = '', code]) => ({
    page,
    name,
    code,
  })),
);

test.each(shown)('$page shows $name as it runs', ({ name, code }) => {
  expect(code).toBe(readFileSync(join(import.meta.dirname, name), 'utf8'));
});

test('every file of the recipes is shown on a page', () => {
  const files = readdirSync(join(import.meta.dirname, 'src'), { recursive: true, encoding: 'utf8' });
  const code = files.filter((file) => /\.tsx?$/.test(file)).map((file) => `src/${file}`);
  const missing = code.filter((file) => !shown.some(({ name }) => name === file));
  expect(missing).toEqual([]);
});
