/** Reads data sets, revisions and assets from answers of the service. Refuses what does not fit the API's description. */
import { z } from 'zod';
import {
  type Asset,
  type AssetRef,
  assetTypes,
  type DataSet,
  type DataSetRef,
  dataSetOrigins,
  type Revision,
  type RevisionRef,
} from '../../../model/catalog.ts';
import { boundedText } from '../../bounded-text.ts';
import type { CatalogPage, Tags } from '../../catalog-backend.ts';
import { readPartly } from '../../partial-read.ts';
import { isAwsId } from '../constraints.ts';
import { badResponse } from '../errors.ts';
import { checked, pageFromAnswer } from '../page-answer.ts';
import { parseJson } from '../reply-body.ts';
import { instant, orNull, word } from '../wire-shapes.ts';

/** Called for a value that the service does not document, and for an optional member that cannot be read. */
export type OnUnknown = (member: 'detail' | 'entry' | 'type') => void;

/** The longest Amazon Resource Name by any of AWS's documents. */
const maxArnLength = 2_048;
const maxNameLength = 1_024;

/** `Comment` of the model, the longest text that it bounds. */
const maxTextLength = 16_384;

const awsId = z.string().refine(isAwsId);

/** What people wrote is passed on as they wrote it. */
const name = z.string().transform((text) => boundedText(text, maxNameLength));
const prose = orNull(z.string().transform((text) => boundedText(text, maxTextLength)));

const common = {
  Arn: z.string().min(1).max(maxArnLength),
  CreatedAt: instant,
  Id: awsId,
  UpdatedAt: instant,
};

const dataSet = z.object({ ...common, AssetType: word, Description: prose, Name: name, Origin: word });

/** Absent means false, for a revision that was never finalized or revoked. */
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

const revision = z.object({
  ...common,
  Comment: prose,
  DataSetId: awsId,
  Finalized: flag,
  RevocationComment: prose,
  Revoked: flag,
});

const snapshot = z.object({ Size: orNull(z.number().min(0)) });

const asset = z.object({
  ...common,
  AssetDetails: orNull(z.object({ S3SnapshotAsset: orNull(snapshot) })),
  AssetType: word,
  DataSetId: awsId,
  Name: name,
  RevisionId: awsId,
});

/** Without these it would be unknown whether subscribers see the revision. */
const indispensable: ReadonlySet<string> = new Set(['Finalized', 'Revoked']);

const tagged = z.object({ Tags: z.record(z.string(), z.string()).nullish() });

export interface AnswerReader {
  readonly tags: (body: Uint8Array) => Tags;
  /** `ref` is absent for a create, whose id is not known before. */
  readonly dataSet: (body: Uint8Array, ref?: DataSetRef) => DataSet;
  readonly dataSets: (body: Uint8Array) => CatalogPage<DataSet>;
  /** `ref` has only the id of the data set for a create. */
  readonly revision: (body: Uint8Array, ref: DataSetRef | RevisionRef) => Revision;
  readonly revisions: (body: Uint8Array, of: DataSetRef) => CatalogPage<Revision>;
  readonly asset: (body: Uint8Array, ref: AssetRef) => Asset;
  readonly assets: (body: Uint8Array, of: RevisionRef) => CatalogPage<Asset>;
}

/** Each function throws `BackendError` UPSTREAM_BAD_RESPONSE, also for an answer that is about something else. */
export function createAnswerReader(onUnknown: OnUnknown): AnswerReader {
  const partly = <T>(schema: z.ZodType<T>, received: unknown): T => {
    const { value, emptied } = readPartly(schema, received);
    const missing = emptied.find((path) => indispensable.has(path));
    if (missing !== undefined) throw badResponse(`its member ${missing} is not what the API describes`);
    for (const _ of emptied) onUnknown('detail');
    return value;
  };
  const known = <Value extends { readonly assetType: string; readonly origin?: string }>(value: Value): Value => {
    if (value.assetType === 'UNKNOWN' || value.origin === 'UNKNOWN') onUnknown('type');
    return value;
  };
  const dataSetIn = (received: unknown, ref: Partial<DataSetRef> = {}) =>
    about(ref, known(dataSetFrom(partly(dataSet, received))));
  const revisionIn = (received: unknown, of: DataSetRef) => about(of, revisionFrom(partly(revision, received)));
  const assetIn = (received: unknown, of: RevisionRef) => about(of, known(assetFrom(partly(asset, received))));
  const page = <Entry>(body: Uint8Array, member: string, entryFrom: (received: unknown) => Entry) => {
    const read = pageFromAnswer(body, member, entryFrom);
    for (const _ of read.unreadable ?? []) onUnknown('entry');
    return read;
  };
  return {
    tags: (body) => checked(() => tagged.parse(parseJson(body)).Tags ?? {}),
    dataSet: (body, ref) => checked(() => dataSetIn(parseJson(body), ref)),
    dataSets: (body) => page(body, 'DataSets', (received) => dataSetIn(received)),
    revision: (body, ref) => checked(() => revisionIn(parseJson(body), ref)),
    revisions: (body, of) => page(body, 'Revisions', (received) => revisionIn(received, of)),
    asset: (body, ref) => checked(() => assetIn(parseJson(body), ref)),
    assets: (body, of) => page(body, 'Assets', (received) => assetIn(received, of)),
  };
}

/** `entry`, which must have every id of `ref`: another one belongs to another call. */
function about<Entry extends DataSetRef>(ref: Partial<AssetRef>, entry: Entry): Entry {
  for (const [member, id] of Object.entries(ref))
    if (Reflect.get(entry, member) !== id) throw badResponse('it is about something else');
  return entry;
}

function dataSetFrom(entry: z.output<typeof dataSet>): DataSet {
  return {
    kind: 'DataSet',
    awsDataSetId: entry.Id,
    arn: entry.Arn,
    name: entry.Name,
    description: entry.Description,
    assetType: knownOf(assetTypes, entry.AssetType),
    assetTypeCode: entry.AssetType,
    origin: knownOf(dataSetOrigins, entry.Origin),
    originCode: entry.Origin,
    createdAt: entry.CreatedAt,
    updatedAt: entry.UpdatedAt,
  };
}

function revisionFrom(entry: z.output<typeof revision>): Revision {
  return {
    kind: 'Revision',
    awsDataSetId: entry.DataSetId,
    awsRevisionId: entry.Id,
    arn: entry.Arn,
    comment: entry.Comment,
    isFinalized: entry.Finalized,
    isRevoked: entry.Revoked,
    revocationComment: entry.RevocationComment,
    createdAt: entry.CreatedAt,
    updatedAt: entry.UpdatedAt,
  };
}

function assetFrom(entry: z.output<typeof asset>): Asset {
  return {
    kind: 'Asset',
    awsDataSetId: entry.DataSetId,
    awsRevisionId: entry.RevisionId,
    awsAssetId: entry.Id,
    arn: entry.Arn,
    name: entry.Name,
    assetType: knownOf(assetTypes, entry.AssetType),
    assetTypeCode: entry.AssetType,
    sizeBytes: entry.AssetDetails?.S3SnapshotAsset?.Size ?? null,
    createdAt: entry.CreatedAt,
    updatedAt: entry.UpdatedAt,
  };
}

function knownOf<Word extends string>(words: readonly Word[], code: string): Word | 'UNKNOWN' {
  return words.find((word) => word === code) ?? 'UNKNOWN';
}
