/** Reads the files of trusted documents that client tools write. */
import { createHash } from 'node:crypto';
import { GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import { TrustedDocuments } from './trusted-documents.ts';

/** What `@apollo/generate-persisted-query-manifest` writes; only the needed members of each operation. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
});

/** In characters: far more than an application has, and little enough to be parsed at the start. */
const maxFileLength = 16 * 1_048_576;

/** The longest that a tool writes has 71 characters: `sha256:` and the hash. */
const maxIdLength = 256;

/**
 * Reads the text of such a file; throws an `Error` with the reason if it is invalid. An id that begins with `sha256:`
 * must be the SHA-256 of its text, by GraphQL over HTTP. Any other id is accepted, also one of 64 hexadecimal digits:
 * tools can be configured to make their own, such as a keyed hash, and say nothing about its making. But no id may be
 * the hash of another document, since each document can also be found by its hash.
 */
export function trustedDocumentsFrom(file: string): TrustedDocuments {
  if (file.length > maxFileLength)
    throw new Error(`Trusted documents: expected at most ${maxFileLength} characters, found ${file.length}.`);
  const entries = entriesOf(jsonFrom(file));
  if (entries.length === 0) throw new Error('Trusted documents: expected at least one, found none.');
  const textById = new Map<string, string>();
  const hashed = entries.flatMap(([, text]) => idsByHash(text).map((id) => [id, text] as const));
  for (const [id, text] of entries) check(id, text);
  for (const [id, text] of [...hashed, ...entries]) {
    if ((textById.get(id) ?? text) !== text)
      throw new Error(`Trusted documents: ${JSON.stringify(id)} names two documents.`);
    textById.set(id, text);
  }
  return new TrustedDocuments(textById);
}

/** The ids of a text in the extension of Apollo, and in GraphQL over HTTP. */
function idsByHash(text: string): readonly [bare: string, prefixed: string] {
  const hash = createHash('sha256').update(text).digest('hex');
  return [hash, `sha256:${hash}`];
}

function jsonFrom(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    throw new Error('Trusted documents: expected JSON.');
  }
}

/**
 * The other form, texts by id, is `persisted-documents.json` of GraphQL Code Generator and the file of Relay's
 * `persistConfig`.
 */
function entriesOf(json: unknown): readonly (readonly [string, string])[] {
  if (typeof json === 'object' && json !== null && 'format' in json) {
    const parsed = apolloManifest.safeParse(json);
    if (parsed.success) return parsed.data.operations.map(({ id, body }) => [id, body] as const);
  } else {
    const entries = Object.entries(json ?? {});
    if (isRecord(json) && entries.every(isOfText)) return entries;
  }
  throw new Error(
    'Trusted documents: expected an object of documents by id, or an "apollo-persisted-query-manifest" of version 1.',
  );
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function check(id: string, text: string): void {
  if (id.length === 0 || id.length > maxIdLength)
    throw new Error(`Trusted documents: expected an id of 1 to ${maxIdLength} characters, found one of ${id.length}.`);
  if (id.startsWith('sha256:') && id !== idsByHash(text)[1])
    throw new Error(`Trusted documents: ${id} is not the hash of its document.`);
  try {
    parse(text);
  } catch (error) {
    const reason = error instanceof GraphQLError ? error.message : 'it cannot be parsed';
    throw new Error(`Trusted documents: ${JSON.stringify(id)} is not a valid document: ${reason}`);
  }
}
