/** The type of a revision of a data set. */
import { catalogIdFrom } from '../../resolvers/catalog-id.ts';
import { jobsOfRevision } from '../../resolvers/catalog-jobs.ts';
import { dataSetOf } from '../../resolvers/catalog-links.ts';
import { assetsOf } from '../../resolvers/catalog-page.ts';
import { globalId } from '../builder.ts';
import { Node } from '../node.ts';
import { oneCall } from '../price.ts';
import { readingCatalog } from '../rights.ts';
import { pageSize } from '../sized.ts';
import { AssetConnection } from './connections.ts';
import { jobsAbout } from './jobs-about.ts';
import { DataSet, Revision } from './refs.ts';

Revision.implement({
  extensions: readingCatalog,
  description: 'One version of a data set, which consists of assets. Needs the scope `catalog:read`.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ ...globalId, resolve: catalogIdFrom }),
    awsRevisionId: t.exposeString('awsRevisionId', {
      description: 'The id that AWS Data Exchange gave the revision. Inputs and filters take it as `revisionId`.',
    }),
    arn: t.exposeString('arn', {
      description: 'The Amazon Resource Name of the revision, by which policies of AWS name it.',
    }),
    comment: t.exposeString('comment', {
      nullable: true,
      description: 'What its provider says of it, cut to 16,384 characters. Null if there is nothing.',
    }),
    isFinalized: t.exposeBoolean('isFinalized', {
      description:
        'Whether it is published, which cannot be undone: subscribers see it, and nothing can be imported into it any more. False for a draft.',
    }),
    isRevoked: t.exposeBoolean('isRevoked', {
      description: 'Whether its provider has withdrawn it, so that subscribers cannot read its assets any more.',
    }),
    revocationComment: t.exposeString('revocationComment', {
      nullable: true,
      description: 'Why it was withdrawn, cut to 16,384 characters. Null unless it was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed it.' }),
    dataSetId: t.exposeString('awsDataSetId', {
      description: 'The `awsDataSetId` of the data set that it is a version of. Costs nothing, unlike `dataSet`.',
    }),
    dataSet: t.field({
      type: DataSet,
      nullable: true,
      description:
        'The data set that it is a version of. Null if that was deleted, or if the account may not read it any more; null with an error at its path if it could not be read. Costs one read at most, and none if the operation has listed it. Many are read together, as `DataExchangeJobDetails` says.',
      resolve: dataSetOf,
    }),
    assets: t.field({
      extensions: oneCall,
      type: AssetConnection,
      nullable: true,
      description:
        'What the revision consists of, by name, from the end of the alphabet to its beginning. Usually costs one call a page. Null if they could not be listed, with an error at its path.',
      args: {
        first: t.arg.int(pageSize('assets')),
        after: t.arg.string({
          required: false,
          description: 'The `cursor` to go on behind. Absent for the first page.',
        }),
      },
      resolve: assetsOf,
    }),
    jobs: t.field({ ...jobsAbout('this revision', 'awsRevisionId'), resolve: jobsOfRevision }),
  }),
});
