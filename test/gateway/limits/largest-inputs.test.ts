/**
 * The largest inputs of the schema fit the default limits in every spelling and on every transport; larger ones are
 * refused.
 */

import { type GraphQLArgument, getNullableType, isInputObjectType, isListType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { sizes } from '../../../src/model/job-input-sizes.ts';
import { schema } from '../../../src/schema/index.ts';
import { acceptedJson } from '../../support/accepted-json.ts';
import { whileJobsAppear } from '../../support/appearing-jobs.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { Publisher, revisionIdOf } from '../../support/publisher.ts';
import { sendOver } from '../../support/raw-requests.ts';
import { type Known, largestValuesOf, placesIn, sizeOf, valuesOf } from '../../support/sized-inputs.ts';
import { type ArgumentValue, spellings } from '../../support/spellings.ts';
import { answerOf, type OperationResult } from '../../support/transports.ts';

const roots = [schema.getMutationType(), schema.getQueryType(), schema.getSubscriptionType()];
const operations = ['mutation', 'query', 'subscription'] as const;

const rootFields = roots.flatMap((root, index) =>
  Object.values(root?.getFields() ?? {}).map(({ name, args }) => ({
    field: name,
    args,
    operation: operations[index] ?? 'query',
  })),
);

const selections: Readonly<Record<string, string>> = {
  dataSets: '{ pageInfo { hasNextPage } }',
  jobs: '{ pageInfo { hasNextPage } }',
  job: '{ id }',
  jobByAwsId: '{ id }',
  node: '{ id }',
  nodes: '{ id }',
  cancelJobs: '{ results { userErrors { code } } }',
  jobActivity: '{ cursor }',
  jobStateChanged: '{ cursor }',
};
const selectionOf = (field: string) => selections[field] ?? '{ userErrors { code message field awsCode } }';

/** Existing jobs, a revision that can be published, and the longest ids of jobs that do not exist. */
async function start(field: string): Promise<{ readonly gateway: TestGateway; readonly known: Known }> {
  const gateway = await startGateway();
  const { dataExchange, importExport } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  const disk = globalId('ImportExportJob', importExport[0] ?? '');
  const other = globalId('DataExchangeJob', dataExchange[0] ?? '');
  const longest = (index: number) => globalId('DataExchangeJob', String(index).padStart(40, 'a'));
  const revision = revisionIdOf(await new Publisher(gateway.emulator).revision());
  const ids: Readonly<Record<string, string>> = { updateImportExportJob: disk, finalizeRevision: revision };
  const known: Known = {
    id: () => ids[field] ?? other,
    awsJobId: () => dataExchange[0] ?? '',
    ids: (index) => (index === 0 ? other : longest(index)),
    jobIds: () => disk,
  };
  return { gateway, known };
}

/** Combinations of values for all arguments of a field, without cursors, which need an earlier answer. */
function combinationsOf(
  args: readonly GraphQLArgument[],
  valuesFor: (argument: GraphQLArgument) => readonly unknown[],
): readonly (readonly ArgumentValue[])[] {
  const each = args
    .filter(({ name }) => name !== 'after')
    .map((argument) => valuesFor(argument).map((value): ArgumentValue => ({ argument, value })));
  const count = Math.max(0, ...each.map(({ length }) => length));
  return Array.from({ length: count }, (_, way) => each.flatMap((values) => values[way] ?? values.at(-1) ?? []));
}

/** The test writes, reads and passes on dozens of megabytes. */
const bounds = { timeout: 60_000 };

let keys = 0;

/** An idempotency key is valid for one input. */
function withKeyOfItsOwn({ argument, value }: ArgumentValue): ArgumentValue {
  const isKey = argument.name === 'idempotencyKey';
  if (!isKey && (typeof value !== 'object' || value === null || !('idempotencyKey' in value)))
    return { argument, value };
  keys += 1;
  const key = String(keys).padStart(sizes.idempotencyKey.max, 'k');
  return { argument, value: isKey ? key : { ...Object(value), idempotencyKey: key } };
}

/** Data without errors. */
function answered(field: string): object {
  const payload = selections[field] === undefined ? { userErrors: [] } : expect.anything();
  return { data: { [field]: payload } };
}

/** `value` with another at `path`. */
function replaced(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  const inner = replaced((value as Record<string, unknown>)[name], rest, other);
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...(value as object), [name]: inner };
}

/** `value` with one item or letter more than `most`. */
function enlarged(value: unknown, most: number): unknown {
  if (Array.isArray(value)) return Array.from({ length: most + 1 }, (_, index) => value[index % value.length]);
  return typeof value === 'string' ? value.padEnd(most + 1, '0') : most + 1;
}

/** The path that the only refusal names, such as `input.manifest`; the answer itself if nothing is refused. */
function refusedAt(field: string, { data, errors = [] }: OperationResult): string {
  const { userErrors = [] } = ((data as Record<string, unknown> | null)?.[field] ?? {}) as { userErrors?: UserError[] };
  const [refusal] = userErrors.filter(({ code, awsCode }) => /^(TOO|INVALID)_/.test(code) && awsCode === null);
  if (refusal !== undefined) return refusal.field?.join('.') ?? '';
  const [error] = errors.filter(({ extensions }) => extensions?.['code'] === 'INVALID_INPUT');
  return String(error?.extensions?.['argument'] ?? JSON.stringify({ data, errors }).slice(0, 500));
}

interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
  readonly awsCode: string | null;
}

test('Every list of an input has a maximum size', () => {
  const types = Object.values(schema.getTypeMap()).filter(isInputObjectType);
  const fields = types.flatMap((type) =>
    Object.values(type.getFields()).map((part) => [`${type.name}.${part.name}`, part] as const),
  );
  const args = rootFields.flatMap(({ field, args: of }) =>
    of.map((part) => [`${field}(${part.name}:)`, part] as const),
  );
  const silent = [...fields, ...args].filter(
    ([, part]) => isListType(getNullableType(part.type)) && sizeOf(part) === undefined,
  );
  expect(silent.map(([path]) => path)).toEqual([]);
});

describe.each(rootFields)('$operation $field', ({ operation, field, args }) => {
  const selection = selectionOf(field);

  test.each(Object.entries(spellings))(
    'The largest inputs that the schema allows are accepted, %s',
    bounds,
    async (_title, spell) => {
      const { gateway, known } = await start(field);
      const ways = combinationsOf(args, (argument) => largestValuesOf(argument, known));
      for (const [transport, send] of Object.entries(sendOver)) {
        for (const values of ways) {
          const request = spell({ operation, field, values: values.map(withKeyOfItsOwn), selection });
          const outcome = send(gateway, request, { operation });
          if (field === 'jobActivity') await whileJobsAppear(gateway, outcome);
          expect([transport, await outcome]).toEqual([transport, answered(field)]);
        }
      }
    },
  );

  test('An input one larger than the schema allows is refused with its path', async () => {
    const { gateway, known } = await start(field);
    const smallest = (argument: GraphQLArgument) => valuesOf(argument, { lists: 0, texts: 0 }, known);
    for (const argument of args.filter(({ name }) => name !== 'after')) {
      for (const [way, value] of smallest(argument).entries()) {
        for (const { path, size, value: at } of placesIn(value, argument)) {
          const larger = replaced(value, path, enlarged(at, size.max));
          const values = combinationsOf(args, (each) => (each === argument ? [larger] : smallest(each)))[0] ?? [];
          const payload = spellings['as a variable, each letter escaped']({ operation, field, values, selection });
          const fieldPath = [argument.name, ...path].join('.');
          expect([way, fieldPath, refusedAt(field, await sendOver.HTTP(gateway, payload, { operation }))]).toEqual([
            way,
            fieldPath,
            fieldPath,
          ]);
        }
      }
    }
  });
});

test('An inline list longer than the schema allows is refused before it is parsed', async () => {
  const { url } = await startGateway();
  const query = `{ nodes(ids: [${'"a" '.repeat(2_000)}]) { id } }`;
  const headers = { 'content-type': 'application/json', accept: acceptedJson };
  const { errors } = await answerOf(await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) }));
  expect(errors).toMatchObject([
    { extensions: { code: 'OPERATION_TOO_COMPLEX', limit: 'valueTokens', allowed: 2_000 } },
  ]);
});
