/** The type of a data set, and the query `dataSets`. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { jobsOfDataSet } from '../../resolvers/catalog-jobs.ts';
import { dataSets, revisionsOf } from '../../resolvers/catalog-page.ts';
import { builder, globalId } from '../builder.ts';
import { Node } from '../node.ts';
import { bothLists, oneCall } from '../price.ts';
import { readingCatalog } from '../rights.ts';
import { pageSize } from '../sized.ts';
import { DataSetConnection, RevisionConnection } from './connections.ts';
import { AssetType, DataSetOrigin } from './enums.ts';
import { jobsAbout } from './jobs-about.ts';
import { DataSet } from './refs.ts';

DataSet.implement({
  extensions: readingCatalog,
  description:
    'A collection of data that a provider publishes at AWS Data Exchange, in revisions. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ ...globalId, resolve: catalogIdFrom }),
    awsDataSetId: t.exposeString('awsDataSetId', {
      description: 'The id that AWS Data Exchange gave the data set. Inputs and filters take it as `dataSetId`.',
    }),
    arn: t.exposeString('arn', {
      description:
        'The Amazon Resource Name of the data set, by which policies of AWS name it. It names no account if another one owns the data set.',
    }),
    name: t.exposeString('name', {
      description: 'What its provider calls it, cut to 1,024 characters. Several data sets may have the same name.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      description:
        'What its provider says of it, cut to 16,384 characters. Null if the service left it out of its answer.',
    }),
    assetType: t.expose('assetType', { type: AssetType, description: 'The type of all its assets.' }),
    assetTypeCode: t.exposeString('assetTypeCode', { description: "The service's own word for `assetType`." }),
    origin: t.expose('origin', { type: DataSetOrigin, description: 'Whether the account of this gateway owns it.' }),
    originCode: t.exposeString('originCode', { description: "The service's own word for `origin`." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    revisions: t.field({
      extensions: oneCall,
      type: RevisionConnection,
      nullable: true,
      description:
        'The versions of the data set, newest first, drafts included. Of a data set of another account only those that it shares. Usually costs one call a page. Null if they could not be listed, with an error at its path.',
      args: {
        first: t.arg.int(pageSize('revisions')),
        after: t.arg.string({ required: false, description: 'The `cursor` to go on behind. Absent for the newest.' }),
      },
      resolve: revisionsOf,
    }),
    jobs: t.field({ ...jobsAbout('this data set', 'awsDataSetId'), resolve: jobsOfDataSet }),
  }),
});

builder.queryField('dataSets', (t) =>
  t.field({
    extensions: { ...bothLists, ...readingCatalog },
    type: DataSetConnection,
    nullable: true,
    description:
      'The data sets of the account: first those that it owns, newest first, then those that others share with it, in no order. Needs the scope `catalog:read`. Usually costs one call a page, and one more on the page where the second list begins. Null if they could not be listed, with an error at its path.',
    args: {
      first: t.arg.int(pageSize('data sets')),
      after: t.arg.string({
        required: false,
        description: 'The `cursor` to go on behind, under the same `origin`. Absent for the first page.',
      }),
      origin: t.arg({
        type: DataSetOrigin,
        required: false,
        description: 'Only data sets of this origin: `OWNED` or `ENTITLED`. Absent for both.',
      }),
    },
    resolve: dataSets,
  }),
);
