/** The description of the schema itself, which documentation tools show as their first page. */
import { maxWalkCalls } from '../resolvers/walk-budget.ts';

export const introduction = `One API over the transfer jobs of two services of AWS, and over the data that providers publish by one of them.

**AWS Import/Export** copies data from a storage device, which is sent to AWS by post, to a bucket of Amazon S3, or back. A *manifest* is the text that describes such a job.

**AWS Data Exchange** is where *providers* publish data and *subscribers* get it.

- A *data set* is a collection that a provider publishes, such as the prices of a market. The AWS account of this gateway owns it, or another account shares it.
- A *revision* is one version of a data set, such as the prices of May.
- An *asset* is one part of a revision, mostly a file.
- A new revision is a draft. To *finalize* it is to publish it: subscribers see it, and no asset can be added any more. That cannot be undone.
- A *job* is an import, which adds assets to a draft, or an export, which copies assets out of a revision.

**Jobs.** Those of both services are a \`Job\`, with one vocabulary of states. \`jobs\` lists them. \`job\`, \`jobByAwsId\`, \`node\` and \`nodes\` read single ones. \`jobStateChanged\` and \`jobActivity\` report their changes.

**The catalog** is all data sets, revisions and assets. \`dataSets\` lists the first, \`DataSet.revisions\` and \`Revision.assets\` what is in them, \`DataSet.jobs\` and \`Revision.jobs\` the jobs about them. The details of a job lead to them too, so that a page can show names: \`dataSet\` stands beside \`dataSetId\`, \`revision\` beside \`revisionId\`, \`asset\` beside \`assetId\`. To publish data, call \`createRevision\`, import with \`createDataExchangeJob\`, and call \`finalizeRevision\` once the import has completed.

**Ids** are of four kinds.

- \`id\` is of this API, unique among all objects, and opaque. Arguments named \`id\` and \`ids\` take it, and so does \`jobIds\`.
- \`awsJobId\` is the id that the service gave a job. Only \`jobByAwsId\` takes it.
- \`awsDataSetId\`, \`awsRevisionId\` and \`awsAssetId\` are the ids that AWS Data Exchange gave. Inputs and filters take them as \`dataSetId\`, \`revisionId\` and \`assetId\`, and the details of jobs, revisions and assets have them under these names.
- \`cursor\` is a place in one list or stream. Only \`after\` takes it.

**Scopes** are the rights of a caller. Jobs need \`jobs:read\`, and \`jobs:write\` to create, start, change and cancel them. Manifests, signatures, documents, labels and signed URLs need \`jobs:secrets\` too. The catalog needs \`catalog:read\`, and \`catalog:write\` to create and publish. A caller who lacks a scope gets the error \`FORBIDDEN\`, which names it. A gateway without authentication grants all scopes.

**Filters.** AWS can be asked only for the jobs of a service, a data set or a revision. For the other fields of \`JobFilter\` the gateway looks through the lists of the services, newest first, by at most ${maxWalkCalls} calls a page. So a page can be short, or empty, although there is more: go on from \`endCursor\` while \`hasNextPage\` is true.

**Cost.** An operation costs points, which are counted before it runs. A point is a call to AWS that the operation may cause; a *read* is a call that changes nothing. Each object with an \`id\` counts one point, a list one or two more, the search of a filter ${maxWalkCalls}, and a mutation ten or more. The gateway refuses an operation of more than 1,000 points, unless it is set otherwise. Most operations cause fewer calls than that: what several requests read at the same moment is read once.

**Null.** A field is null if there is no such thing, if the service left it out of its answer, if it is not known yet, or if it could not be read: only then an error has its path. The description of the field says which. In an input an optional field that is null, \`""\` or \`[]\` counts as absent.`;
