/** The type of user errors. */
import type { UserError as UserErrorShape } from '../resolvers/failures.ts';
import { builder } from './builder.ts';
import { reading } from './rights.ts';

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What kind of thing the caller has to put right.',
  values: {
    ACCESS_DENIED: { description: 'The credentials may not do this.' },
    CONFLICT: { description: 'The job is in a state that does not allow this.' },
    IDEMPOTENCY_MISMATCH: { description: 'This idempotency key was used with another input.' },
    INVALID_INPUT: { description: 'A field is missing or not valid.' },
    INVALID_MANIFEST: { description: 'The manifest is malformed, or lacks or misstates a field.' },
    NOT_FOUND: { description: 'A job, bucket or other resource does not exist.' },
    QUOTA_EXCEEDED: { description: 'An AWS quota is used up.' },
  } as const,
});

export const UserError = builder.objectRef<UserErrorShape>('UserError').implement({
  extensions: reading,
  description: 'Something the caller can put right.',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'What a program should decide by.' }),
    message: t.exposeString('message', { description: 'A sentence for a person to read. Its wording may change.' }),
    field: t.exposeStringList('field', {
      nullable: true,
      description:
        'Path from the arguments to the input field at fault, list positions included, or null if no one field is.',
    }),
    awsCode: t.exposeString('awsCode', {
      nullable: true,
      description: "The service's own exception name. Null if the gateway refused the request itself.",
    }),
  }),
});
