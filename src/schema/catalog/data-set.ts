/** The type of a data set, and the query `dataSets`. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { jobsOfDataSet } from '../../resolvers/catalog-jobs.ts';
import { dataSets, revisionsOf } from '../../resolvers/catalog-page.ts';
import { builder } from '../builder.ts';
import { JobFilter } from '../job-filter.ts';
import { JobConnection } from '../job-page.ts';
import { Node } from '../node.ts';
import { bothLists, filteredJobs, oneCall } from '../price.ts';
import { reading, readingCatalog } from '../rights.ts';
import { pageSize } from '../sized.ts';
import { DataSetConnection, RevisionConnection } from './connections.ts';
import { AssetType, DataSetOrigin } from './enums.ts';
import { DataSet } from './refs.ts';

DataSet.implement({
  extensions: readingCatalog,
  description: 'A collection of data at AWS Data Exchange. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Globally unique and opaque. Do not parse it.', resolve: catalogIdFrom }),
    awsDataSetId: t.exposeString('awsDataSetId', {
      description: "The service's own id of the data set, which inputs and filters take as `dataSetId`.",
    }),
    arn: t.exposeString('arn', {
      description: 'The Amazon Resource Name of the data set. It names no account if the data set is of another one.',
    }),
    name: t.exposeString('name', {
      description: 'What its provider calls it, at most 1,024 characters. Several data sets may have one name.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What its provider says of it, at most 16,384 characters. Null if that cannot be read.',
    }),
    assetType: t.expose('assetType', { type: AssetType, description: 'What its assets are.' }),
    assetTypeCode: t.exposeString('assetTypeCode', { description: "The service's own word for `assetType`." }),
    origin: t.expose('origin', { type: DataSetOrigin, description: 'Whose it is.' }),
    originCode: t.exposeString('originCode', { description: "The service's own word for `origin`." }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    revisions: t.field({
      extensions: oneCall,
      type: RevisionConnection,
      nullable: true,
      description:
        'The versions of the data set, newest first. Of a data set of another account only those that it shares. Usually one call a page and data set. Null if they could not be listed, with an error at its path. Pages forward only, and has no total: the service has none.',
      args: {
        first: t.arg.int(pageSize('revisions')),
        after: t.arg.string({ required: false, description: 'The `cursor` to go on behind. Absent for the newest.' }),
      },
      resolve: revisionsOf,
    }),
    jobs: t.field({
      extensions: { ...oneCall, ...filteredJobs, ...reading },
      type: JobConnection,
      description:
        'The jobs about this data set, newest first, as `Query.jobs` lists them with this `dataSetId` in its `filter`: the service picks them out. Usually one call a page and data set; more members of `filter` cost what they cost there. Needs the scope `jobs:read` too.',
      args: {
        first: t.arg.int(pageSize('jobs')),
        after: t.arg.string({
          required: false,
          description: 'The `cursor` to go on behind, under the same `filter`. Absent for the newest.',
        }),
        filter: t.arg({ type: JobFilter, required: false, description: 'Which of them to admit. Absent for all.' }),
      },
      resolve: jobsOfDataSet,
    }),
  }),
});

builder.queryField('dataSets', (t) =>
  t.field({
    extensions: { ...bothLists, ...readingCatalog },
    type: DataSetConnection,
    nullable: true,
    description:
      'The data sets of the account, first those that it owns, newest first, then those that others share with it, in no order. Needs the scope `catalog:read`. Usually one call a page, and one more on the page where the second list begins. Null if they could not be listed, with an error at its path. Pages forward only, and has no total: the service has none.',
    args: {
      first: t.arg.int(pageSize('data sets')),
      after: t.arg.string({
        required: false,
        description: 'The `cursor` to go on behind, under the same `origin`. Absent for the beginning.',
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
