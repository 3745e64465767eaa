/** Reads answers of AWS Data Exchange by its API reference, without any code of the gateway. */
import { expect } from 'vitest';
import {
  at,
  type Given,
  instant,
  lenient,
  list,
  listOrNone,
  maybe,
  members,
  number,
  object,
  type Shape,
  text,
} from './wire-readers.ts';

/** The job in an answer of CreateJob or GetJob, with its signed URL. Throws if it is no such answer. */
export function jobModelOf(bytes: Uint8Array): unknown {
  return jobOf(parsed(bytes), true);
}

/** The page in an answer of ListJobs. */
export function pageModelOf(bytes: Uint8Array): unknown {
  const { Jobs, NextToken } = object(parsed(bytes));
  const isTokenReadable = NextToken == null || typeof NextToken === 'string';
  const nextToken = isTokenReadable ? NextToken || null : null;
  const jobs: unknown[] = [];
  const unreadable: unknown[] = [];
  for (const entry of list((each) => each)(Jobs)) {
    try {
      jobs.push(jobOf(entry, false));
    } catch {
      unreadable.push({ before: jobs.length, error: expect.any(Error) });
    }
  }
  if (!isTokenReadable) unreadable.push({ before: jobs.length, error: expect.any(Error) });
  return { jobs, ...(unreadable.length > 0 && { unreadable }), nextToken };
}

/** The exception name in the body of an error. */
export function exceptionIn(bytes: Uint8Array): string | undefined {
  try {
    const body = object(parsed(bytes));
    const name = ['code', 'Code', '__type'].map((member) => body[member]).find((value) => typeof value === 'string');
    const [, found] = /^(?:[^#:,]*#)*([A-Za-z][A-Za-z0-9.]{0,99})(?:[:,]|$)/.exec(String(name ?? '')) ?? [];
    return found;
  } catch {
    return undefined;
  }
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

const states: Readonly<Record<string, string>> = {
  CANCELLED: 'CANCELLED',
  COMPLETED: 'COMPLETED',
  ERROR: 'FAILED',
  IN_PROGRESS: 'IN_PROGRESS',
  TIMED_OUT: 'TIMED_OUT',
  WAITING: 'WAITING',
};

function jobOf(entry: unknown, hasUrls: boolean) {
  const given = object(entry);
  const [typeCode, stateCode, awsJobId] = [word(given['Type']), word(given['State']), text(given['Id'])];
  if (!/^[a-zA-Z0-9]{1,64}$/.test(awsJobId)) throw new Error('no id');
  const isKnown = Object.hasOwn(detailsByType, typeCode);
  return {
    service: 'DATA_EXCHANGE',
    awsJobId,
    arn: lenient(text)(given['Arn']),
    type: isKnown ? typeCode : 'UNKNOWN',
    typeCode,
    state: Object.hasOwn(states, stateCode) ? states[stateCode] : 'UNKNOWN',
    stateCode,
    createdAt: moment(given['CreatedAt']),
    updatedAt: moment(given['UpdatedAt']),
    details: isKnown ? detailsOf(typeCode, given['Details'], { awsJobId, hasUrls }) : null,
    errors: lenient(list(errorOf))(given['Errors']) ?? [],
  };
}

function detailsOf(type: string, details: unknown, { awsJobId, hasUrls }: { awsJobId: string; hasUrls: boolean }) {
  const [member, shape] = detailsByType[type] ?? ['', {}];
  const given = lenient((each) => object(object(each)[member]))(details);
  if (given === null) return null;
  const { signedUrl, ...others } = object(members(shape)(given));
  return { type, awsJobId, ...others, ...(hasUrls && signedUrl !== undefined && { signedUrl }) };
}

const revision: Shape = { dataSetId: at('DataSetId', lenient(text)), revisionId: at('RevisionId', lenient(text)) };
const s3Object = members({ bucket: at('Bucket', text), key: at('Key', text) });
const encryption: Shape = {
  encryption: at(
    'Encryption',
    lenient(members({ type: at('Type', encryptionType), kmsKeyArn: at('KmsKeyArn', maybe(text)) })),
  ),
};
const tagPolicy = lenient(
  members({
    expression: at('Expression', list(members({ key: at('TagKey', text), values: at('TagValues', list(text)) }))),
    permissions: at('Permissions', list(text)),
  }),
);

const detailsByType: Readonly<Record<string, readonly [member: string, shape: Shape]>> = {
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: [
    'CreateS3DataAccessFromS3Bucket',
    {
      ...revision,
      source: at(
        'AssetSource',
        lenient(
          members({
            bucket: at('Bucket', text),
            keyPrefixes: at('KeyPrefixes', listOrNone(text)),
            keys: at('Keys', listOrNone(text)),
            kmsKeyArns: at(
              'KmsKeysToGrant',
              listOrNone((grant) => text(object(grant)['KmsKeyArn'])),
            ),
          }),
        ),
      ),
    },
  ],
  EXPORT_ASSETS_TO_S3: [
    'ExportAssetsToS3',
    {
      ...revision,
      ...encryption,
      destinations: at(
        'AssetDestinations',
        lenient(
          list(
            lenient(members({ assetId: at('AssetId', text), bucket: at('Bucket', text), key: at('Key', maybe(text)) })),
          ),
        ),
      ),
    },
  ],
  EXPORT_ASSET_TO_SIGNED_URL: [
    'ExportAssetToSignedUrl',
    { ...revision, assetId: at('AssetId', lenient(text)), signedUrl: urlAt('SignedUrl') },
  ],
  EXPORT_REVISIONS_TO_S3: [
    'ExportRevisionsToS3',
    {
      dataSetId: at('DataSetId', lenient(text)),
      ...encryption,
      eventActionArn: at('EventActionArn', lenient(text)),
      destinations: at(
        'RevisionDestinations',
        lenient(
          list(
            lenient(
              members({
                revisionId: at('RevisionId', text),
                bucket: at('Bucket', text),
                keyPattern: at('KeyPattern', maybe(text)),
              }),
            ),
          ),
        ),
      ),
    },
  ],
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: [
    'ImportAssetsFromLakeFormationTagPolicy',
    {
      ...revision,
      catalogId: at('CatalogId', lenient(text)),
      roleArn: at('RoleArn', lenient(text)),
      database: at('Database', tagPolicy),
      table: at('Table', tagPolicy),
    },
  ],
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: [
    'ImportAssetsFromRedshiftDataShares',
    {
      ...revision,
      dataShareArns: at('AssetSources', lenient(list(lenient((source) => text(object(source)['DataShareArn']))))),
    },
  ],
  IMPORT_ASSETS_FROM_S3: [
    'ImportAssetsFromS3',
    { ...revision, sources: at('AssetSources', lenient(list(lenient(s3Object)))) },
  ],
  IMPORT_ASSET_FROM_API_GATEWAY_API: [
    'ImportAssetFromApiGatewayApi',
    {
      ...revision,
      api: members({
        id: at('ApiId', lenient(text)),
        name: at('ApiName', lenient(text)),
        description: at('ApiDescription', lenient(text)),
        stage: at('Stage', lenient(text)),
        protocol: at('ProtocolType', lenient(text)),
      }),
      specificationMd5Hash: at('ApiSpecificationMd5Hash', lenient(text)),
      // Of the key itself nothing is kept.
      hasApiKey: at('ApiKey', (key) => key !== undefined && key !== null && key !== ''),
      signedUrl: urlAt('ApiSpecificationUploadUrl'),
    },
  ],
  IMPORT_ASSET_FROM_SIGNED_URL: [
    'ImportAssetFromSignedUrl',
    {
      ...revision,
      assetName: at('AssetName', lenient(text)),
      md5Hash: at('Md5Hash', lenient(text)),
      signedUrl: urlAt('SignedUrl'),
    },
  ],
};

/** The codes of `JobError` in the API reference. */
const errorCodes: ReadonlySet<unknown> = new Set([
  'ACCESS_DENIED_EXCEPTION',
  'INTERNAL_SERVER_EXCEPTION',
  'MALWARE_DETECTED',
  'MALWARE_SCAN_ENCRYPTED_FILE',
  'RESOURCE_NOT_FOUND_EXCEPTION',
  'SERVICE_QUOTA_EXCEEDED_EXCEPTION',
  'VALIDATION_EXCEPTION',
]);

/** A text of other characters than these may look like a secret. */
function messageOf(given: string | null): unknown {
  if (given === null || given.trim() === '') return 'AWS Data Exchange gave no reason.';
  return /^[A-Za-z ]{1,30}$/.test(given) ? given.trim() : expect.any(String);
}

function errorOf(error: unknown) {
  const given = lenient(object)(error) ?? {};
  const details = lenient(object)(given['Details']) ?? {};
  const asset = lenient(object)(details['ImportAssetFromSignedUrlJobErrorDetails']);
  const [name, value] = [lenient(text)(given['LimitName']), lenient(number)(given['LimitValue'])];
  const [id, type] = [lenient(text)(given['ResourceId']), lenient(text)(given['ResourceType'])];
  const code = lenient(word)(given['Code']);
  return {
    code,
    message: messageOf(lenient(text)(given['Message'])),
    hint: errorCodes.has(code) ? expect.any(String) : null,
    limit: name && value !== null ? { name, value } : null,
    resource: id && type ? { id, type } : null,
    assetName: lenient(text)(asset?.['AssetName']),
    sources: lenient(list(lenient(s3Object)))(details['ImportAssetsFromS3JobErrorDetails']) ?? [],
  };
}

/** A URL is only passed on if it is a plain AWS address over TLS with an expiry. */
function urlAt(name: string) {
  return (given: Given) => {
    const url = lenient(text)(given[name]);
    const expiresAt = lenient(moment)(given[`${name}ExpiresAt`]);
    const isOfAws = /^https:\/\/[\w.-]+\.amazonaws\.com(\.cn)?(:\d{0,4})?([/?#][!-[\]-~]*)?$/i.test(url ?? '');
    return url !== null && expiresAt !== null && isOfAws ? { url, expiresAt } : null;
  };
}

/** Also seconds since the epoch. A text has seconds: no document shows one without. */
function moment(value: unknown): Date {
  if (typeof value !== 'number') {
    if (!/T\d\d:\d\d:\d\d/.test(text(value))) throw new Error('no seconds');
    const date = instant(value);
    if (!/^\d{4}-/.test(date.toISOString())) throw new Error('no such year');
    return date;
  }
  if (value < 0 || value > Date.parse('9999-12-31T23:59:59Z') / 1_000) throw new Error('no such time');
  return new Date(value * 1_000);
}

function word(value: unknown): string {
  if (!/^[A-Za-z]\w{0,99}$/.test(text(value))) throw new Error('no word');
  return text(value);
}

function encryptionType(value: unknown): string {
  if (value === 'aws:kms') return 'AWS_KMS';
  if (value !== 'AES256') throw new Error('no encryption');
  return value;
}
