/** Empty optional texts and lists count as absent, in every argument and input of the schema. */
import {
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { schema } from '../../../src/schema/index.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { type Answer, field, startGateway } from '../../support/gateway.ts';
import { created, manifestOf } from '../../support/manifests.ts';

type Values = Record<string, unknown>;

/**
 * Adds to `value` every optional text and list of `type` that it leaves out, as an empty one. A `@oneOf` has its only
 * member already.
 */
function filledUp(value: unknown, type: GraphQLInputType, paths: string[], at = ''): unknown {
  const inner = getNullableType(type);
  if (isListType(inner) && Array.isArray(value)) return value.map((item) => filledUp(item, inner.ofType, paths, at));
  if (!isInputObjectType(inner) || value === undefined) return value;
  const values = { ...(value as Values) };
  for (const { name, type: member } of Object.values(inner.getFields())) {
    const path = `${inner.name}.${name}`;
    if (values[name] !== undefined) values[name] = filledUp(values[name], member, paths, path);
    else if (!isNonNullType(member) && !inner.isOneOf && name !== 'idempotencyKey') {
      const empty = isListType(member) ? [] : isScalarType(member) && member.name !== 'Boolean' ? '' : undefined;
      if (empty !== undefined) paths.push(path);
      values[name] = empty;
    }
  }
  return values;
}

function inputType(name: string): GraphQLInputType {
  const type = schema.getType(name);
  if (!isInputObjectType(type)) throw new Error(`expected an input ${name}`);
  return type;
}

const customs = {
  dataDescription: 'prices',
  encryptedData: true,
  exportCertifierName: 'Jane Roe',
  requiresExportLicense: false,
  deviceValue: '250.00',
  deviceCountryOfOrigin: 'Ghana',
  deviceType: 'externalStorageDevice',
  typeOfExport: 'return',
};

const inputs = [
  ...Object.entries(manifests).map(([kind, manifest]) => {
    const members = Object.entries(manifest).map(([name, value]) => [name, { ...value, customs }]);
    return [kind, 'createImportExportJob', { manifest: Object.fromEntries(members) }] as const;
  }),
  ...Object.entries(dataExchangeDetails).map(
    ([kind, details]) => [kind, 'createDataExchangeJob', { details }] as const,
  ),
];

const typeNames = {
  createDataExchangeJob: 'CreateDataExchangeJobInput',
  createImportExportJob: 'CreateImportExportJobInput',
};

test.each(inputs)(
  'A repeated create of %s with every optional text and list empty returns the same job',
  async (_kind, name, input) => {
    const { ask } = await startGateway();
    const paths: string[] = [];
    const filled = filledUp(input, inputType(typeNames[name]), paths);
    const create = (values: Values): Promise<Answer> =>
      ask(
        `mutation ($input: ${typeNames[name]}!) { ${name}(input: $input) { job { id } userErrors { field message } } }`,
        { input: values },
      );
    const idempotencyKey = 'a-key-of-sixteen-characters';
    const plain = await create({ ...input, idempotencyKey });
    expect(plain.data?.[name]).toMatchObject({ job: { id: expect.any(String) }, userErrors: [] });
    const repeated = await create({ ...(filled as Values), idempotencyKey });
    expect(repeated).toEqual({ data: plain.data, extensions: { replayed: true } });
    expect(await create({ ...(filled as Values), idempotencyKey: '' })).not.toEqual(plain);
  },
);

test.each(Object.entries(manifests))('The manifest %s is sent without its empty optionals', async (_kind, manifest) => {
  const gateway = await startGateway();
  const filled = filledUp(manifest, inputType('ImportExportManifestInput'), []);
  const texts = [];
  for (const each of [manifest, filled]) texts.push(await manifestOf(gateway, await created(gateway, each)));
  expect(texts[1]).toBe(texts[0]);
});

test('The examples fill every optional text and list that a create has', () => {
  const paths: string[] = [];
  for (const [, name, given] of inputs) filledUp(given, inputType(typeNames[name]), paths);
  const all = Object.values(schema.getTypeMap())
    .filter((type) => isInputObjectType(type))
    .filter(({ isOneOf }) => !isOneOf);
  const optional = all.flatMap((type) =>
    Object.values(type.getFields())
      .filter(({ type: member }) => isListType(member) || ['String', 'ID'].includes(String(member)))
      .map(({ name }) => `${type.name}.${name}`),
  );
  const given = ['AssetDestinationInput.key', 'RevisionDestinationInput.keyPattern', 'ExportOperationInput.prefix'];
  const others = [
    'CreateDataExchangeJobInput.idempotencyKey',
    'CreateDataSetInput.idempotencyKey',
    'CreateImportExportJobInput.idempotencyKey',
    'CreateRevisionInput.comment',
    'CreateRevisionInput.idempotencyKey',
    // `test/gateway/resolvers/job-filter.test.ts` fills these.
    'JobFilter.dataSetId',
    'JobFilter.revisionId',
    'JobFilter.states',
    'JobFilter.types',
  ];
  const known = new Set([
    ...paths,
    ...given,
    ...others,
    'CreateS3DataAccessFromS3BucketInput.keyPrefixes',
    'PostalAddressInput.stateOrProvince',
  ]);
  expect(optional.filter((path) => !known.has(path))).toEqual([]);
});

test('A revision with an empty comment and an empty key is created without them, and each time anew', async () => {
  const { ask } = await startGateway();
  const create = async () => {
    const { data } = await ask(
      'mutation ($input: CreateRevisionInput!) { createRevision(input: $input) { revision { id comment } userErrors { message } } }',
      { input: { dataSetId: demo.dataSetId, comment: '', idempotencyKey: '' } },
    );
    return field<{ revision: { id: string; comment: string | null } | null }>(data, 'createRevision').revision;
  };
  const [one, other] = [await create(), await create()];
  expect([one?.comment, other?.comment]).toEqual([null, null]);
  expect(one?.id).not.toBe(other?.id);
});

test('An empty cursor and an empty filter count as absent', async () => {
  const { ask } = await startGateway();
  const query = (args: string) => `{ jobs${args} { nodes { id } pageInfo { hasNextPage } } }`;
  const answer = await ask(query('(after: "", filter: { dataSetId: "" })'));
  expect(answer.errors).toBeUndefined();
  expect(answer).toEqual(await ask(query('')));
});

test('A required text that is empty is refused by its name', async () => {
  const gateway = await startGateway();
  const { importToS3 } = manifests.importToS3;
  const { data } = await created(gateway, { importToS3: { ...importToS3, deviceId: '' } });
  expect(field<{ userErrors: unknown }>(data, 'createImportExportJob').userErrors).toMatchObject([
    { code: 'REQUIRED', field: ['input', 'manifest', 'importToS3', 'deviceId'] },
  ]);
});
