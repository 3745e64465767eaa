/** Collects the licences of the packages that are built into the program, which have to go where their code goes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameAt, root } from './packed-packages.js';

/** They allow the use in a program whose own source is not published. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

/** @returns one text; packages with the same words stand above them together */
export function licences(paths) {
  const byText = new Map();
  for (const path of paths) {
    const { name, licence, text } = licenceOf(path);
    byText.set(text, [...(byText.get(text) ?? []), `${name} (${licence})`]);
  }
  const sections = [...byText].map(([text, names]) => `${names.join('\n')}\n\n${text}`);
  return [heading, ...sections].join(`\n${'-'.repeat(80)}\n\n`);
}

const heading = `The packages that are built into this program, with their licences.

The page of GraphiQL (@graphql-yoga/render-graphiql) has GraphiQL, Monaco and React in it, by the MIT licence as well.
`;

/** An expression of SPDX offers a choice, such as `(WTFPL OR MIT)`. */
function alternatives(license = '') {
  return license.replace(/^\((.*)\)$/, '$1').split(' OR ');
}

function licenceOf(path) {
  const folder = join(root, path);
  const { version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const name = `${nameAt(path)} ${version}`;
  if (!alternatives(license).some((each) => allowed.has(each)))
    throw new Error(`${name}: expected a licence of ${[...allowed].join(', ')}, found ${license}`);
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const texts = files
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  const holder = typeof author === 'string' ? author : author?.name;
  const text =
    texts.length > 0 ? texts.join('\n\n') : `By ${holder ?? 'its authors'}; the package has no text of its licence.`;
  return { name, licence: license, text: `${text}\n` };
}
