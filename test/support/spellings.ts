/** Spells an operation as inefficiently as GraphQL and JSON allow. */
import type { GraphQLArgument, GraphQLInputType } from 'graphql';
import { getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql';

export interface ArgumentValue {
  readonly argument: GraphQLArgument;
  readonly value: unknown;
}

export interface Spelled {
  readonly operation: 'mutation' | 'query' | 'subscription';
  readonly field: string;
  readonly values: readonly ArgumentValue[];
  readonly selection: string;
}

/** The JSON of a request. */
export const spellings = {
  'inline, each letter escaped': ({ operation, field, values, selection }: Spelled) => {
    const literals = values.map(
      ({ argument, value }) => `${argument.name}: ${literalOf(value, argument.type, '    ')}`,
    );
    return JSON.stringify({ query: `${operation} {\n  ${field}(${literals.join(', ')}) ${selection}\n}` });
  },
  'as a variable, each letter escaped': ({ operation, field, values, selection }: Spelled) => {
    const declared = values.map(({ argument: { name, type } }) => `$${name}: ${type}`);
    const passed = values.map(({ argument: { name } }) => `${name}: $${name}`);
    const query = `${operation} (${declared.join(', ')}) { ${field}(${passed.join(', ')}) ${selection} }`;
    const variables = Object.fromEntries(values.map(({ argument: { name }, value }) => [name, value]));
    return `{"query": ${JSON.stringify(query)}, "variables": ${jsonOf(variables)}}`;
  },
} as const;

/** Each letter as six bytes, as the encoders of Python and PHP write letters beyond ASCII. */
function escaped(text: string): string {
  return Array.from(
    { length: text.length },
    (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function jsonOf(value: unknown): string {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `"${name}": ${jsonOf(member)}`)
    .join(', ')}}`;
}

/** One line for each member and item. */
function literalOf(value: unknown, type: GraphQLInputType, margin: string): string {
  const inner = getNullableType(type);
  if (isListType(inner) && Array.isArray(value))
    return `[\n${value.map((item) => `${margin}${literalOf(item, inner.ofType, `${margin}  `)}\n`).join('')}]`;
  if (isInputObjectType(inner) && typeof value === 'object' && value !== null) {
    const fields = inner.getFields();
    const members = Object.entries(value).flatMap(([name, member]) => {
      const field = fields[name];
      return field === undefined ? [] : `${margin}${name}: ${literalOf(member, field.type, `${margin}  `)},\n`;
    });
    return `{\n${members.join('')}}`;
  }
  return isEnumType(inner) || typeof value !== 'string' ? String(value) : `"${escaped(value)}"`;
}
