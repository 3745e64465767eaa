import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { DocumentPlan, DocumentPlans } from '../../../src/execution/document-plan.ts';
import { defaultOperationLimits } from '../../../src/limits/operation-limits.ts';

const plans = () => new DocumentPlans(buildSchema('type Query { a: Int b: Int }'), defaultOperationLimits);

test('Of 1,000 documents the 128 used last keep their plans', () => {
  const kept = plans();
  const first = kept.planOf('{ a }');
  for (let index = 0; index < 1_000; index += 1) {
    kept.planOf(`{ a${index}: a }`);
    expect(kept.planOf('{ a }')).toBe(first);
  }
  const last = kept.planOf('{ a999: a }');
  expect(kept.planOf('{ a999: a }')).toBe(last);
  const early = kept.planOf('{ a1: a }');
  const texts = Array.from({ length: 126 }, (_, index) => `{ a${index + 873}: a }`);
  for (const text of texts) kept.planOf(text);
  expect(kept.planOf('{ a1: a }')).toBe(early);
  for (let index = 0; index < 128; index += 1) kept.planOf(`{ b${index}: b }`);
  expect(kept.planOf('{ a1: a }')).not.toBe(early);
});

test('Neither a long document nor one that cannot run keeps its plan', () => {
  const kept = plans();
  const long = `{ a } #${'x'.repeat(20_000)}`;
  expect(kept.planOf(long)).toBeInstanceOf(DocumentPlan);
  expect(kept.planOf(long)).not.toBe(kept.planOf(long));
  for (const faulty of ['{ a', '{ c }', '{ a { b } }']) expect(kept.planOf(faulty)).not.toBe(kept.planOf(faulty));
});

test('An operation is found by its name, and without a name only where it is the only one', () => {
  const plan = plans().planOf('query A { a } query B { b }') as DocumentPlan;
  expect(plan.operation('B')?.node.name?.value).toBe('B');
  expect([plan.operation('C'), plan.operation(undefined)]).toEqual([undefined, undefined]);
  expect((plans().planOf('{ a }') as DocumentPlan).operation(undefined)?.node.operation).toBe('query');
});

test('A plan for a condition that is false does not serve one that is null, which is an error', () => {
  const plan = plans().planOf('query ($isWanted: Boolean = true) { a b @include(if: $isWanted) }');
  if ('faults' in plan) throw new Error('expected a valid document');
  const operation = plan.operation(undefined);
  const selected = (isWanted: unknown) => operation?.executionPlan({ isWanted }).rootFields().fields.length;
  expect([selected(true), selected(false)]).toEqual([2, 1]);
  expect(() => selected(null)).toThrow('must not be null');
});
