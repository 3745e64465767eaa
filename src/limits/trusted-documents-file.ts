/** Reads the files of trusted documents that client tools write. */
import { createHash } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import { TrustedDocuments } from './trusted-documents.ts';

/** Apollo's persisted query manifest; only the needed members of each operation. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string() })),
});

/** `persisted-documents.json` of GraphQL Code Generator and Relay's compiler: texts by hash. */
const textsById = z.record(z.string().min(1), z.string());

/**
 * Reads the text of such a file; throws an `Error` with the reason if it is invalid. Any id is accepted, since tools
 * can be configured to make their own; only an id that begins with `sha256:` must be that hash.
 */
export function trustedDocumentsFrom(file: string): TrustedDocuments {
  const json = jsonFrom(file);
  const entries = entriesOf(json);
  if (entries.length === 0) throw new Error('Trusted documents: expected at least one, found none.');
  for (const [id, text] of entries) check(id, text);
  const textById = new Map(entries);
  const duplicate = entries.find(([id, text]) => textById.get(id) !== text);
  if (duplicate) throw new Error(`Trusted documents: ${JSON.stringify(duplicate[0])} names two documents.`);
  return new TrustedDocuments(textById);
}

function jsonFrom(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    throw new Error('Trusted documents: expected JSON.');
  }
}

function entriesOf(json: unknown): readonly (readonly [string, string])[] {
  if (typeof json === 'object' && json !== null && 'format' in json) {
    const parsed = manifest.safeParse(json);
    if (parsed.success) return parsed.data.operations.map(({ id, body }) => [id, body] as const);
  } else {
    const parsed = textsById.safeParse(json);
    if (parsed.success) return Object.entries(parsed.data);
  }
  throw new Error(
    'Trusted documents: expected an object of documents by hash, or an "apollo-persisted-query-manifest" of version 1.',
  );
}

function check(id: string, text: string): void {
  const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  if (id.startsWith('sha256:') && id !== hash)
    throw new Error(`Trusted documents: ${id} is not the hash of its document.`);
  try {
    parse(text);
  } catch (error) {
    const reason = error instanceof GraphQLError ? error.message : 'it cannot be parsed';
    throw new Error(`Trusted documents: ${JSON.stringify(id)} is not a valid document: ${reason}`);
  }
}
