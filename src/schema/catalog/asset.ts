/** The type of an asset of a revision. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { revisionOf } from '../../resolvers/catalog-links.ts';
import { globalId } from '../builder.ts';
import { Node } from '../node.ts';
import { readingCatalog } from '../rights.ts';
import { AssetType } from './enums.ts';
import { Asset, Revision } from './refs.ts';

Asset.implement({
  extensions: readingCatalog,
  description: 'One part of a revision, mostly a file. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ ...globalId, resolve: catalogIdFrom }),
    awsAssetId: t.exposeString('awsAssetId', {
      description: 'The id that AWS Data Exchange gave the asset. Inputs take it as `assetId`.',
    }),
    arn: t.exposeString('arn', {
      description: 'The Amazon Resource Name of the asset, by which policies of AWS name it.',
    }),
    name: t.exposeString('name', {
      description: 'What it is called, cut to 1,024 characters. A file from Amazon S3 has the key that it had there.',
    }),
    assetType: t.expose('assetType', {
      type: AssetType,
      description: 'What it is. All assets of a data set are of one type.',
    }),
    assetTypeCode: t.exposeString('assetTypeCode', { description: "The service's own word for `assetType`." }),
    sizeBytes: t.exposeFloat('sizeBytes', {
      nullable: true,
      description:
        'The size of the file. Null unless `assetType` is `S3_SNAPSHOT`, and if the service left it out of its answer.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    dataSetId: t.exposeString('awsDataSetId', {
      description: 'The `awsDataSetId` of the data set whose revision it is part of. Costs nothing.',
    }),
    revisionId: t.exposeString('awsRevisionId', {
      description: 'The `awsRevisionId` of the revision that it is part of. Costs nothing, unlike `revision`.',
    }),
    revision: t.field({
      type: Revision,
      nullable: true,
      description:
        'The revision that it is part of. Null if that was deleted, or if the account may not read it any more; null with an error at its path if it could not be read. Costs one read at most, and none if the operation has listed it. Many are read together, as `DataExchangeJobDetails` says.',
      resolve: revisionOf,
    }),
  }),
});
