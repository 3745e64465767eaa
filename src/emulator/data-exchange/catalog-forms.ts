/** Writes data sets, revisions and assets in the form of the service. List entries and responses to updates have no `Tags`. */
import type { Asset, DataSet, Revision } from './catalog.ts';
import { instantText } from './instant.ts';

export function dataSetEntry(dataSet: DataSet) {
  return {
    Arn: dataSet.arn,
    AssetType: dataSet.assetType,
    CreatedAt: instantText(dataSet.createdAt),
    Description: dataSet.description,
    Id: dataSet.id,
    Name: dataSet.name,
    Origin: dataSet.origin,
    // An entitled data set names the owner's data set and the product that shares it.
    ...(dataSet.origin === 'ENTITLED' && {
      OriginDetails: { ProductId: 'prod-waybilldemo' },
      SourceId: sourceId(dataSet),
    }),
    UpdatedAt: instantText(dataSet.updatedAt),
  };
}

export function dataSetForm(dataSet: DataSet) {
  return { ...dataSetEntry(dataSet), Tags: dataSet.tags };
}

export function revisionEntry(revision: Revision) {
  return {
    Arn: revision.arn,
    Comment: revision.comment,
    CreatedAt: instantText(revision.createdAt),
    DataSetId: revision.dataSetId,
    Finalized: revision.isFinalized,
    Id: revision.id,
    UpdatedAt: instantText(revision.updatedAt),
  };
}

export function revisionForm(revision: Revision) {
  return { ...revisionEntry(revision), Tags: revision.tags };
}

export function assetForm(asset: Asset, revision: Revision) {
  return {
    Arn: asset.arn,
    AssetDetails: asset.details,
    AssetType: asset.type,
    CreatedAt: instantText(asset.createdAt),
    DataSetId: revision.dataSetId,
    Id: asset.id,
    Name: asset.name,
    RevisionId: revision.id,
    UpdatedAt: instantText(asset.createdAt),
  };
}

function sourceId(dataSet: DataSet): string {
  return dataSet.id.split('').reverse().join('');
}
