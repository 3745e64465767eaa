/** The size of what a browser fetches before it shows the first job. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { builtProgramWithBoard } from '../../support/built-program.ts';

let folder = '';

beforeAll(async () => {
  folder = join(await builtProgramWithBoard(), 'board');
}, 60_000);

/** The page, and each file that it or one of them names before anybody clicks. */
function firstLoad(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const fetch = (file: string): void => {
    if (files.has(file)) return;
    const text = readFileSync(join(folder, file), 'utf8');
    files.set(file, text);
    const named = file.endsWith('.html')
      ? [...text.matchAll(/(?:src|href)="\.\/([^"]+)"/g)]
      : [...text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+)"/g)].map(([, name]) => ['', `assets/${name}`]);
    for (const [, address = ''] of named) fetch(address);
  };
  fetch('index.html');
  return files;
}

test('the first load has at most 100 kB, compressed', () => {
  const files = firstLoad();
  expect([...files.keys()].filter((file) => file.endsWith('.js')).length).toBeGreaterThan(0);
  expect([...files.keys()].filter((file) => file.endsWith('.css')).length).toBeGreaterThan(0);
  const bytes = [...files.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(100_000);
});

test('the words of the forms come only when somebody opens one', () => {
  const first = [...firstLoad().values()].join('');
  expect(first).not.toContain('The awsDataSetId of the data set');
});

test('the board names no other site than the ones that it explains', () => {
  const addresses = [...firstLoad().values()].flatMap((text) => text.match(/\b(?:https?|wss?):\/\/[\w.-]+/g) ?? []);
  // Names of vocabularies, which no browser fetches.
  expect(addresses.filter((address) => !/^http:\/\/www\.w3\.org/.test(address))).toEqual([]);
});
