/** Builds the payload type of a mutation: its result, and the errors that the caller can correct. */
import type { FieldMap, ObjectFieldBuilder } from '@pothos/core';
import type { UserError as UserErrorShape } from '../resolvers/failures.ts';
import { userErrorsOf } from '../resolvers/payload.ts';
import { builder } from './builder.ts';
import { reading, type readingCatalog } from './rights.ts';
import { UserError } from './user-error.ts';

interface PayloadOptions<Shape> {
  readonly description: string;
  /** The description of `userErrors`. */
  readonly refusals?: string;
  /** To read the result. `reading` where absent. */
  readonly rights?: typeof reading | typeof readingCatalog;
  /** The result: each field is nullable. */
  readonly fields: (t: ObjectFieldBuilder<typeof builder.$inferSchemaTypes, Shape>) => FieldMap;
}

export function payloadType<Shape extends { readonly userErrors: readonly UserErrorShape[] }>(
  name: string,
  {
    description,
    refusals = 'Why it was refused. Empty if it was not.',
    rights = reading,
    fields,
  }: PayloadOptions<Shape>,
) {
  return builder.objectRef<Shape>(name).implement({
    extensions: rights,
    description,
    fields: (t) => ({
      ...fields(t),
      userErrors: t.field({ type: [UserError], description: refusals, resolve: userErrorsOf }),
    }),
  });
}
