/** EXPORT_REVISIONS_TO_S3: whole revisions of a data set, each to a bucket. */
import { z } from 'zod';
import { sizes, textSize } from '../../../model/job-input-sizes.ts';
import { list, maybe, object } from '../../input/checks.ts';
import { bucket, text as textOf } from '../../input/text-checks.ts';
import { indivisible } from '../../partial-read.ts';
import { awsId } from '../constraints.ts';
import { orNull, text } from '../wire-shapes.ts';
import { awsEncryptionFrom, checkedEncryption, completedEncryption, encryption } from './encryption.ts';
import { jobType } from './job-type.ts';
import { mapped } from './request-parts.ts';
import { optional, repeated } from './work-members.ts';

/** The references of key patterns (Data Exchange User Guide, "Key patterns when exporting asset revisions"). */
const references: ReadonlySet<string> = new Set([
  'Asset.Id',
  'Asset.Name',
  'DataSet.Id',
  'DataSet.Name',
  'Revision.CreatedAt',
  'Revision.CreatedAt.Day',
  'Revision.CreatedAt.Month',
  'Revision.CreatedAt.Year',
  'Revision.Id',
]);

const keyPattern = textOf({
  size: textSize,
  must: `be a key pattern that holds \${Asset.Name} or \${Asset.Id}, and no reference that the service does not know`,
  hasForm: (pattern) => {
    const names = pattern
      .split('${')
      .slice(1)
      .map((rest) => /^([^}]*)\}/.exec(rest)?.[1] ?? '');
    return names.every((name) => references.has(name)) && names.some((name) => name.startsWith('Asset.'));
  },
});

/** Without a pattern the assets' names are the keys. */
const revisionDestination = indivisible(
  z
    .object({ RevisionId: z.string(), Bucket: z.string(), KeyPattern: z.string().nullish() })
    .transform(({ RevisionId, Bucket, KeyPattern }) => ({
      revisionId: RevisionId,
      bucket: Bucket,
      keyPattern: KeyPattern ?? null,
    })),
);

export const exportRevisionsToS3 = jobType({
  branch: 'exportRevisionsToS3',
  type: 'EXPORT_REVISIONS_TO_S3',
  member: 'ExportRevisionsToS3',
  check: object({
    dataSetId: awsId,
    destinations: list(object({ revisionId: awsId, bucket, keyPattern: maybe(keyPattern) }), sizes.revisions),
    encryption: checkedEncryption,
  }),
  awsDetailsFrom: ({ dataSetId, destinations, encryption }) => ({
    ExportRevisionsToS3: {
      DataSetId: dataSetId,
      Encryption: mapped(encryption, awsEncryptionFrom),
      RevisionDestinations: destinations.map(({ bucket, keyPattern, revisionId }) => ({
        Bucket: bucket,
        KeyPattern: keyPattern ?? undefined,
        RevisionId: revisionId,
      })),
    },
  }),
  shape: {
    DataSetId: text,
    RevisionDestinations: orNull(z.array(revisionDestination.nullable())),
    Encryption: encryption,
    EventActionArn: text,
  },
  detailsFrom: (members, { awsJobId }) => ({
    type: 'EXPORT_REVISIONS_TO_S3',
    awsJobId,
    dataSetId: members.DataSetId,
    destinations: members.RevisionDestinations,
    encryption: members.Encryption,
    eventActionArn: members.EventActionArn,
  }),
  sameWork: {
    dataSetId: repeated,
    destinations: {
      ...repeated,
      // The default pattern (User Guide, "Key patterns").
      items: { revisionId: repeated, bucket: repeated, keyPattern: { ...optional, fillsIn: `\${Asset.Name}` } },
    },
    encryption: completedEncryption,
  },
  // There is exactly one destination (`sizes.revisions`).
  fieldOf: ({ type }) => (type === 'REVISION' ? ['destinations', '0', 'revisionId'] : undefined),
});
