/** The description of the schema itself, which documentation tools show as their first page. */
export const introduction = `One API over the transfer jobs of two services of AWS.

**AWS Import/Export** copies data from a disk that is sent to AWS by post to a bucket of Amazon S3, or back. A *manifest* describes such a job.

**AWS Data Exchange** is where providers publish data for subscribers. A *data set* is a collection that a provider publishes. A *revision* is one version of a data set. It consists of *assets*, such as files. Subscribers see a revision once it is *finalized*, which cannot be undone. A *job* imports assets into a revision, or exports assets or whole revisions.

Both kinds of job are a \`Job\`, with one vocabulary of states: \`jobs\` lists them, \`job\` and \`nodes\` read some, \`jobStateChanged\` and \`jobActivity\` report their changes. \`dataSets\` lists data sets, with their revisions and assets, and the details of a job lead to those it is about.

**Ids.** \`id\` is of this API, opaque, and unique among all objects: it is what arguments named \`id\` and \`ids\` take. \`awsJobId\` is the name of a job at its service, as in its console: \`jobByAwsId\` takes it. \`dataSetId\`, \`revisionId\` and \`assetId\` are names at AWS Data Exchange, of 32 hexadecimal digits: inputs and filters take them, and \`awsDataSetId\`, \`awsRevisionId\` and \`awsAssetId\` are those of the objects themselves. A \`cursor\` is a place in one list or stream: only \`after\` takes it.

**Cost.** Each operation costs points, counted before it runs: a point is a call to AWS that it may cause. What different requests read at the same moment is read once, so that most cost less than that.

**Null.** A field is null if the service left it out of its answer, if it is not known yet, or if it could not be read: then an error has its path. The description of the field says which.`;
