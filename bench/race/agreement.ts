/** Checks that a contender's answer has no errors and agrees with Waybill's. */
import { isDeepStrictEqual } from 'node:util';
import { type Call, uniqueMark } from '../requests/load.ts';
import type { OperationName } from './documents.ts';

/** The fields in which two created jobs agree. Reads are compared in all fields. */
const createdFields: ReadonlySet<string> = new Set(['service', 'state', 'stateCode', 'type', 'typeCode']);

type Facts = readonly Readonly<Record<string, unknown>>[];

/**
 * The jobs in the answer to `call`, in their order, or `__typename` if that is what the operation selects. Throws if
 * the answer has errors.
 */
export async function factsOf(operation: OperationName, origin: string, call: Call): Promise<Facts> {
  const body = call.body?.replaceAll(uniqueMark, `check-${performance.now()}`.replace('.', '-')) ?? null;
  const response = await fetch(`${origin}${call.path}`, { method: call.method, headers: call.headers, body });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { readonly data?: unknown; readonly errors?: unknown };
  if (response.status !== 200 || errors !== undefined || !isRecord(data))
    throw new Error(`expected an answer to ${operation}, received ${response.status}: ${text.slice(0, 300)}`);
  const facts = operation === 'Typename' ? [{ __typename: data['__typename'] }] : jobsIn(data);
  if (facts.length === 0)
    throw new Error(`expected jobs in the answer to ${operation}, received ${text.slice(0, 300)}`);
  return operation === 'Create' ? facts.map((job) => picked(job, (name) => createdFields.has(name))) : facts;
}

/** Throws if `actual` differs from `expected` in a field that is not one of `otherFields`. */
export function assertAgreement(expected: Facts, actual: Facts, otherFields: readonly string[] = []): void {
  if (expected.length !== actual.length) throw new Error(`expected ${expected.length} jobs, received ${actual.length}`);
  for (const [index, job] of expected.entries()) {
    const wanted = picked(job, (name) => !otherFields.includes(name));
    const received = picked(actual[index] ?? {}, (name) => name in wanted);
    if (!isDeepStrictEqual(wanted, received))
      throw new Error(`expected ${JSON.stringify(wanted)}, received ${JSON.stringify(received)}`);
  }
}

function jobsIn(value: unknown): Facts {
  if (Array.isArray(value)) return value.flatMap(jobsIn);
  if (!isRecord(value)) return [];
  return 'awsJobId' in value ? [value] : Object.values(value).flatMap(jobsIn);
}

function picked(job: Readonly<Record<string, unknown>>, isWanted: (name: string) => boolean) {
  return Object.fromEntries(Object.entries(job).filter(([name]) => isWanted(name)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
