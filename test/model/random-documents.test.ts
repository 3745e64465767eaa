/** Every document is answered, with a bounded amount of work. */
import fc from 'fast-check';
import { type DocumentNode, GraphQLError, validate } from 'graphql';
import { expect, test } from 'vitest';
import { walkDocument } from '../../src/limits/document-walker.ts';
import { admitOperation } from '../../src/limits/operation-admission.ts';
import { costOf } from '../../src/limits/operation-cost.ts';
import { defaultOperationLimits as limits } from '../../src/limits/operation-limits.ts';
import { parseWithin } from '../../src/limits/parse-limit.ts';
import { schema } from '../../src/schema/index.ts';
import { startChildGateway } from '../support/child-gateway.ts';
import { ask } from '../support/gateway.ts';
import { complaintsIn } from '../support/log-lines.ts';
import { documents, variableValues } from '../support/random-documents.ts';
import { documentRuns } from './runs.ts';

const maxVisits = limits.nodes + limits.introspectionNodes + 1;

function parsed(text: string): DocumentNode | undefined {
  try {
    return parseWithin(limits, text);
  } catch (error) {
    expect(error).toBeInstanceOf(GraphQLError);
    return undefined;
  }
}

/** The outcome of a document; it is priced whether or not it is small and valid. */
function outcomeOf(text: string, variables: Record<string, unknown>): 'unparsed' | 'refused' | 'invalid' | 'valid' {
  const document = parsed(text);
  if (document === undefined) return 'unparsed';
  for (const operationName of [undefined, 'A', 'B', 'D']) {
    const cost = costOf({ schema, document, variables, operationName }, limits.nodes);
    expect(cost === undefined || cost >= 1).toBe(true);
  }
  const walk = walkDocument(document, limits);
  expect(walk.visited).toBeLessThanOrEqual(maxVisits);
  if ('refused' in walk) return 'refused';
  const faults = validate(schema, document);
  const cost = () => costOf({ schema, document, variables, operationName: 'A' }, limits.nodes) ?? 1;
  const admission = admitOperation({ cost }, variables);
  if ('refused' in admission)
    expect(['OPERATION_TOO_COMPLEX', 'INVALID_INPUT']).toContain(admission.refused.extensions['code']);
  return faults.length > 0 ? 'invalid' : 'valid';
}

test('a document is walked, validated and priced without an exception and within the budget', {
  timeout: 240_000,
}, () => {
  const outcomes = { unparsed: 0, refused: 0, invalid: 0, valid: 0 };
  const property = fc.property(documents, variableValues, (text, variables) => {
    outcomes[outcomeOf(text, variables)] += 1;
  });
  fc.assert(property, { numRuns: documentRuns });
  // The grammar reaches every outcome.
  expect(Object.entries(outcomes).filter(([, count]) => count < 10)).toEqual([]);
});

const codes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'OPERATION_TOO_COMPLEX',
  'INVALID_INPUT',
  'BAD_REQUEST',
];

test('a document is answered 200 or 400, with known codes, by a process that logs no error and continues', {
  timeout: 240_000,
}, async () => {
  const gateway = await startChildGateway();
  const { url } = gateway;
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  const property = fc.asyncProperty(documents, variableValues, async (query, variables) => {
    const operationName = /(?:query|mutation) ([ABD])/.exec(query)?.[1];
    const body = JSON.stringify({ query, variables, ...(operationName && { operationName }) });
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    // A subscription uses another media type.
    if (response.status === 406) {
      expect(query).toContain('subscription');
      return;
    }
    const answer = JSON.parse(text) as { data?: unknown; errors?: { extensions?: { code?: string } }[] };
    expect([200, 400]).toContain(response.status);
    for (const error of answer.errors ?? []) expect(codes).toContain(error.extensions?.code);
    if (answer.data === undefined)
      expect([text.length <= 4_096, (answer.errors ?? []).length <= 10]).toEqual([true, true]);
  });
  await fc.assert(property, { numRuns: documentRuns / 6 });
  const { data } = await ask(url, '{ __typename }');
  expect([data, complaintsIn(gateway.stderr())]).toEqual([{ __typename: 'Query' }, []]);
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});
