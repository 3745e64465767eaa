/** The type of a revision of a data set. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { jobsOfRevision } from '../../resolvers/catalog-jobs.ts';
import { dataSetOf } from '../../resolvers/catalog-links.ts';
import { assetsOf } from '../../resolvers/catalog-page.ts';
import { JobFilter } from '../job-filter.ts';
import { JobConnection } from '../job-page.ts';
import { Node } from '../node.ts';
import { filteredJobs, oneCall } from '../price.ts';
import { reading, readingCatalog } from '../rights.ts';
import { pageSize } from '../sized.ts';
import { AssetConnection } from './connections.ts';
import { DataSet, Revision } from './refs.ts';

Revision.implement({
  extensions: readingCatalog,
  description: 'One version of a data set. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Globally unique and opaque. Do not parse it.', resolve: catalogIdFrom }),
    awsRevisionId: t.exposeString('awsRevisionId', {
      description: "The service's own id of the revision, which inputs and filters take as `revisionId`.",
    }),
    arn: t.exposeString('arn', { description: 'The Amazon Resource Name of the revision.' }),
    comment: t.exposeString('comment', {
      nullable: true,
      description: 'What its provider says of it, at most 16,384 characters. Null if nothing.',
    }),
    isFinalized: t.exposeBoolean('isFinalized', {
      description: 'Whether it is published: subscribers see it, and nothing can be imported into it any more.',
    }),
    isRevoked: t.exposeBoolean('isRevoked', {
      description: 'Whether its provider has withdrawn it, so that subscribers cannot read its assets any more.',
    }),
    revocationComment: t.exposeString('revocationComment', {
      nullable: true,
      description: 'Why it was withdrawn. Null unless it was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    dataSetId: t.exposeString('awsDataSetId', {
      description: "The service's own id of the data set that it is a version of. Costs nothing, unlike `dataSet`.",
    }),
    dataSet: t.field({
      type: DataSet,
      nullable: true,
      description:
        'The data set that it is a version of. Null if the account may not read that any more. Costs one read, none if the operation has listed it; many are read together as in the details of jobs.',
      resolve: dataSetOf,
    }),
    assets: t.field({
      extensions: oneCall,
      type: AssetConnection,
      nullable: true,
      description:
        'What the revision consists of, by name, from the last of the alphabet to the first. Usually one call a page and revision. Null if they could not be listed, with an error at its path. Pages forward only, and has no total: the service has none.',
      args: {
        first: t.arg.int(pageSize('assets')),
        after: t.arg.string({
          required: false,
          description: 'The `cursor` to go on behind. Absent for the beginning.',
        }),
      },
      resolve: assetsOf,
    }),
    jobs: t.field({
      extensions: { ...oneCall, ...filteredJobs, ...reading },
      type: JobConnection,
      description:
        'The jobs about this revision, newest first, as `Query.jobs` lists them with this `revisionId` in its `filter`: the service picks them out. Usually one call a page and revision; more members of `filter` cost what they cost there. Needs the scope `jobs:read` too.',
      args: {
        first: t.arg.int(pageSize('jobs')),
        after: t.arg.string({
          required: false,
          description: 'The `cursor` to go on behind, under the same `filter`. Absent for the newest.',
        }),
        filter: t.arg({ type: JobFilter, required: false, description: 'Which of them to admit. Absent for all.' }),
      },
      resolve: jobsOfRevision,
    }),
  }),
});
