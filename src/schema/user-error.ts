/** The type of user errors. */
import type { FaultParameter } from '../model/input-fault.ts';
import type { UserError as UserErrorShape } from '../resolvers/failures.ts';
import { builder } from './builder.ts';
import { readingEither } from './rights.ts';

const UserErrorCode = builder.enumType('UserErrorCode', {
  description:
    'What the caller has to put right. A later version may have more values: show the `message` of a code that you do not know.',
  values: {
    ACCESS_DENIED: {
      description: 'The credentials of this gateway may not do this at AWS, or another account owns what it is about.',
    },
    CONFLICT: { description: 'The job or revision is in a state that does not allow this.' },
    DUPLICATE: {
      description: 'A list has the same entry twice. Parameter: `first`, the position of the first one, from 0.',
    },
    IDEMPOTENCY_MISMATCH: { description: 'This idempotency key was used with another input.' },
    IMPORTS_UNKNOWN: {
      description:
        'The revision has more jobs than the gateway looks through for an import that is not over. Parameter: `max`, their number.',
    },
    IMPORT_FAILED: {
      description:
        'The last import into the revision failed or timed out. Parameters: `awsJobId` and `state` of that job, as the service names them.',
    },
    IMPORT_UNDER_WAY: {
      description:
        'An import into the revision is not over. Parameters: `awsJobId` and `state` of that job, as the service names them.',
    },
    INVALID_CHARACTERS: { description: 'A text has characters that are not allowed, such as line breaks in a name.' },
    INVALID_ID: {
      description:
        'An `id` is not one of this API, or not of the type that is needed. Parameter: `expected`, that type.',
    },
    INVALID_INPUT: {
      description:
        'The service refused the input without saying what is wrong; or, as the last of many, that there are more faults than are listed (parameter: `listed`).',
    },
    INVALID_MANIFEST: {
      description:
        'The service refused the manifest: it is malformed, or lacks or misstates a field; or it names an access key other than that of this gateway.',
    },
    MUTUALLY_EXCLUSIVE: { description: 'Fields are set that exclude each other.' },
    NOT_FOUND: { description: 'A job, a data set, a revision, a bucket or another thing does not exist.' },
    NOT_REPEATABLE: {
      description:
        'The job cannot be repeated, since the service does not give back what it was created with. Parameter: `missing`, the path of that field in `details`.',
    },
    PATTERN: {
      description:
        'A text does not have the form that is needed. Parameter: `pattern`, a regular expression for the whole text, if one describes the form.',
    },
    QUOTA_EXCEEDED: { description: 'A limit that AWS sets for the account is reached.' },
    REQUIRED: { description: 'A value is missing, or a text is empty, that is needed here.' },
    REVISION_EMPTY: { description: 'The revision has no assets, so it cannot be published.' },
    TOO_FEW: { description: 'A list has too few entries. Parameters: `min`, `max`, `received`.' },
    TOO_LONG: {
      description:
        'A text is too long. Parameters: `max`, `received`, `unit` (`characters` or `bytes`), `min` if there is one.',
    },
    TOO_MANY: { description: 'A list has too many entries. Parameters: `max`, `received`, `min` if there is one.' },
    TOO_SHORT: {
      description:
        'A text is too short, but not empty. Parameters: `min`, `max`, `received`, `unit` (`characters` or `bytes`).',
    },
    UNKNOWN_VALUE: {
      description: 'A text is none of those that are allowed. Parameter: `allowed`, those texts, separated by commas.',
    },
  } as const,
});

const UserErrorParameter = builder.objectRef<FaultParameter>('UserErrorParameter').implement({
  extensions: readingEither,
  description: 'A value that a translation of the sentence needs.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `min`; each `code` says which it has.' }),
    value: t.exposeString('value', { description: 'Such as `30`. Never what the caller sent.' }),
  }),
});

export const UserError = builder.objectRef<UserErrorShape>('UserError').implement({
  extensions: readingEither,
  description:
    'Something the caller can put right. The gateway lists all faults of an input at once, at most 100, one for each field and in the order of the fields in the schema, before it sends anything; what the service then refuses is one error.',
  fields: (t) => ({
    code: t.expose('code', {
      type: UserErrorCode,
      description: 'What a program, such as a translation, should decide by.',
    }),
    message: t.exposeString('message', {
      description:
        'A whole English sentence that may be shown to an end user. It names the field and what is needed, and never shows the value. Its wording may change.',
    }),
    field: t.exposeStringList('field', {
      nullable: true,
      description:
        'The path to the field at fault, from the argument on, such as `["input", "manifest", "importToS3", "bucket"]`; a position in a list counts from 0. Null if it is no single field.',
    }),
    parameters: t.expose('parameters', {
      type: [UserErrorParameter],
      description: 'What a translation of the sentence needs. Empty for the codes that name none.',
    }),
    awsCode: t.exposeString('awsCode', {
      nullable: true,
      description: "The service's own exception name. Null if the gateway refused the request itself.",
    }),
  }),
});
