/** SpectaQL, which makes a page of documentation from the schema. */
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { makeWorkspace } from './workspace.ts';

test('It makes a page with every operation and every type of the schema', async () => {
  const { read, run, write } = makeWorkspace();
  // Its format is YAML, which includes JSON.
  write('spectaql.yml', {
    spectaql: { targetDir: './public', oneFile: true },
    introspection: { schemaFile: './schema.graphql' },
    info: { title: 'Waybill' },
    servers: [{ url: 'http://127.0.0.1:4000/graphql', production: true }],
  });
  expect(await run('spectaql/bin/spectaql.js', '--quiet', 'spectaql.yml')).toMatchObject({ code: 0 });
  const page = read('public/index.html');
  const schema = buildSchema(read('schema.graphql'));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type != null,
  );
  const kinds = ['query', 'mutation', 'subscription'];
  const operations = roots.flatMap((type, index) =>
    Object.keys(type.getFields()).map((name) => `id="${kinds[index]}-${name}"`),
  );
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.some((root) => root === type))
    .map(({ name }) => `id="definition-${name}"`);
  expect([...operations, ...types].filter((anchor) => !page.includes(anchor))).toEqual([]);
});
