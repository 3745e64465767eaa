/**
 * Writes `board/src/schema.d.ts`, by which the compiler knows the types of what the board asks for, and validates the documents of
 * the board, as the compiler looks at no arguments. Part of `npm run check`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal';
import {
  buildSchema,
  concatAST,
  introspectionFromSchema,
  NoDeprecatedCustomRule,
  parse,
  Source,
  specifiedRules,
  validate,
} from 'graphql';

const root = join(import.meta.dirname, '..');
const sources = join(import.meta.dirname, 'src');
const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));

const introspection = minifyIntrospection(introspectionFromSchema(schema));
const types = outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
writeFileSync(join(sources, 'schema.d.ts'), types);

/** Each is one literal. What is otherwise would be checked by nobody. */
function documentsIn(file) {
  const text = readFileSync(file, 'utf8');
  const literals = [...text.matchAll(/\bgraphql\(\s*`([^`$]|\$\w)*`/g)].map(([call]) =>
    call.slice(call.indexOf('`') + 1, -1),
  );
  const calls = text.match(/(?<!function )\bgraphql\(/g) ?? [];
  if (literals.length !== calls.length)
    throw new Error(`${relative(root, file)}: expected each graphql() to begin with one literal without substitutions`);
  return literals.map((literal) => parse(new Source(literal, relative(root, file))));
}

const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const documents = files.flatMap((name) => documentsIn(join(sources, name)));
const faults = validate(schema, concatAST(documents), [...specifiedRules, NoDeprecatedCustomRule]);
if (faults.length > 0) {
  process.exitCode = 1;
  process.stderr.write(`${faults.map(String).join('\n\n')}\n`);
}
