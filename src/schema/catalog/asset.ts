/** The type of an asset of a revision. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { revisionOf } from '../../resolvers/catalog-links.ts';
import { Node } from '../node.ts';
import { readingCatalog } from '../rights.ts';
import { AssetType } from './enums.ts';
import { Asset, Revision } from './refs.ts';

Asset.implement({
  extensions: readingCatalog,
  description: 'One file, API or permission of a revision. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Globally unique and opaque. Do not parse it.', resolve: catalogIdFrom }),
    awsAssetId: t.exposeString('awsAssetId', {
      description: "The service's own id of the asset, which inputs take as `assetId`.",
    }),
    arn: t.exposeString('arn', { description: 'The Amazon Resource Name of the asset.' }),
    name: t.exposeString('name', {
      description: 'What it is called, at most 1,024 characters: for a file from Amazon S3 the key that it had there.',
    }),
    assetType: t.expose('assetType', { type: AssetType, description: 'What it is.' }),
    assetTypeCode: t.exposeString('assetTypeCode', { description: "The service's own word for `assetType`." }),
    sizeBytes: t.exposeFloat('sizeBytes', {
      nullable: true,
      description: 'The size of the file. Null unless `assetType` is `S3_SNAPSHOT`.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    dataSetId: t.exposeString('awsDataSetId', {
      description: "The service's own id of the data set whose revision it is part of.",
    }),
    revisionId: t.exposeString('awsRevisionId', {
      description: "The service's own id of the revision that it is part of. Costs nothing, unlike `revision`.",
    }),
    revision: t.field({
      type: Revision,
      nullable: true,
      description:
        'The revision that it is part of. Null if the account may not read that any more. Costs one read, none if the operation has listed it; many are read together as in the details of jobs.',
      resolve: revisionOf,
    }),
  }),
});
