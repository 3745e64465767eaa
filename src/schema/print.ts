/** The schema as text, for the committed `schema.graphql`. */
import { printSchema } from 'graphql';
import { schema } from './index.ts';

export function printedSchema(): string {
  return `${printSchema(schema)}\n`;
}
