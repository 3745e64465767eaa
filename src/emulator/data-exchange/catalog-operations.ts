/** The operations on data sets, revisions and assets that jobs depend on (Data Exchange API reference). */
import { z } from 'zod';
import { type Answer, jsonAnswer } from '../answer.ts';
import { type Call, idLabel, pageAnswer } from './call.ts';
import { type Asset, addRevision, assetOf, type Catalog, type DataSet, type Revision, revisionOf } from './catalog.ts';
import { assetForm, dataSetEntry, dataSetForm, revisionEntry, revisionForm } from './catalog-forms.ts';
import { checkDataSetQuota, checkRevisionQuota } from './catalog-limits.ts';
import { conflict, invalid } from './errors.ts';
import { filledText } from './job-types/forms.ts';
import type { PageTokens } from './page-tokens.ts';
import { bodyBy, jsonFrom } from './request-body.ts';
import { tagsForm } from './tags.ts';

export interface CatalogStores {
  readonly catalog: Catalog;
  readonly tokens: PageTokens;
}

const assetTypes = [
  'S3_SNAPSHOT',
  'REDSHIFT_DATA_SHARE',
  'API_GATEWAY_API',
  'S3_DATA_ACCESS',
  'LAKE_FORMATION_DATA_PERMISSION',
] as const;

const tags = tagsForm.default({});
/** `Description` in the API reference. The model has no limit for `Name`; whether it may be empty is unknown. */
const description = z.string().max(16_348);
const newDataSet = z.object({
  AssetType: z.enum(assetTypes),
  Description: description,
  Name: filledText,
  Tags: tags,
});
const dataSetUpdate = z.object({ Description: description.optional(), Name: filledText.optional() });
const comment = z.string().max(16_384).optional();
const newRevision = z.object({ Comment: comment, Tags: tags });
const revisionUpdate = z.object({ Comment: comment, Finalized: z.boolean().optional() });

/** Newest first, also entitled data sets, for which the service documents no order. */
export function listDataSets(call: Call, { catalog, tokens }: CatalogStores): Answer {
  const origin = call.query.get('origin');
  const items = (afterId?: string) => {
    const all = catalog.dataSets.newestFirst(afterId);
    const isListed = (dataSet: DataSet) => origin === null || dataSet.origin === origin;
    return all && [...all].filter((dataSet) => isListed(dataSet) && catalog.isReadable(dataSet));
  };
  return pageAnswer(call, tokens, { member: 'DataSets', items, form: dataSetEntry });
}

export function createDataSet(call: Call, { catalog }: CatalogStores): Answer {
  const { AssetType, Description, Name, Tags } = bodyBy(newDataSet, jsonFrom(call.body));
  checkDataSetQuota(catalog);
  const members = { assetType: AssetType, description: Description, name: Name, tags: Tags };
  return jsonAnswer(201, dataSetForm(catalog.addDataSet(members, call.at)));
}

export function getDataSet(call: Call, { catalog }: CatalogStores): Answer {
  return jsonAnswer(200, dataSetForm(catalog.dataSet(idLabel(call, 'DataSetId'))));
}

export function updateDataSet(call: Call, { catalog }: CatalogStores): Answer {
  const { Description, Name } = bodyBy(dataSetUpdate, jsonFrom(call.body));
  const dataSet = catalog.ownedDataSet(idLabel(call, 'DataSetId'));
  dataSet.name = Name ?? dataSet.name;
  dataSet.description = Description ?? dataSet.description;
  dataSet.updatedAt = call.at;
  return jsonAnswer(200, dataSetEntry(dataSet));
}

export function listDataSetRevisions(call: Call, { catalog, tokens }: CatalogStores): Answer {
  const { revisions } = catalog.dataSet(idLabel(call, 'DataSetId'));
  const items = (afterId?: string) => revisions.newestFirst(afterId);
  return pageAnswer(call, tokens, { member: 'Revisions', items, form: revisionEntry });
}

export function createRevision(call: Call, { catalog }: CatalogStores): Answer {
  const { Comment, Tags } = bodyBy(newRevision, jsonFrom(call.body));
  const dataSet = catalog.ownedDataSet(idLabel(call, 'DataSetId'));
  checkRevisionQuota(dataSet);
  return jsonAnswer(201, revisionForm(addRevision(dataSet, { comment: Comment, tags: Tags }, call.at)));
}

export function getRevision(call: Call, { catalog }: CatalogStores): Answer {
  return jsonAnswer(200, revisionForm(revisionIn(catalog.dataSet(idLabel(call, 'DataSetId')), call)));
}

/**
 * Finalizes a revision although imports into it are under way, as the service does: they fail at their end. To finalize
 * it again changes nothing. The service's error for reopening it is unknown; 409 is the modelled error that fits.
 */
export function updateRevision(call: Call, { catalog }: CatalogStores): Answer {
  const { Comment, Finalized } = bodyBy(revisionUpdate, jsonFrom(call.body));
  const revision = revisionIn(catalog.ownedDataSet(idLabel(call, 'DataSetId')), call);
  if (Finalized === false && revision.isFinalized)
    throw conflict('A finalized revision cannot be reopened.', 'REVISION', revision.id);
  if (Finalized && revision.assets.size === 0) throw invalid('Finalized: a revision without assets cannot be');
  revision.comment = Comment ?? revision.comment;
  revision.isFinalized = Finalized ?? revision.isFinalized;
  revision.updatedAt = call.at;
  return jsonAnswer(200, revisionEntry(revision));
}

/** By name, descending. */
export function listRevisionAssets(call: Call, { catalog, tokens }: CatalogStores): Answer {
  const revision = revisionIn(catalog.dataSet(idLabel(call, 'DataSetId')), call);
  const ordered = [...revision.assets.values()].sort((a, b) => (a.name < b.name ? 1 : -1));
  const items = (afterId?: string) => ordered.slice(ordered.findIndex(({ id }) => id === afterId) + 1);
  return pageAnswer(call, tokens, {
    member: 'Assets',
    items,
    form: (asset: Asset) => assetForm(asset, revision),
  });
}

export function getAsset(call: Call, { catalog }: CatalogStores): Answer {
  const revision = revisionIn(catalog.dataSet(idLabel(call, 'DataSetId')), call);
  return jsonAnswer(200, assetForm(assetOf(revision, idLabel(call, 'AssetId')), revision));
}

function revisionIn(dataSet: DataSet, call: Call): Revision {
  return revisionOf(dataSet, idLabel(call, 'RevisionId'));
}
