/** What does a field cost by itself? */

/**
 * What a field costs beside the jobs in it, by its schema coordinate. Each thing with an `id` costs 1, since it may have to
 * be read. A write costs ten: it is checked, sent, read again and, where its answer is lost, looked for.
 */
export const fieldCosts: ReadonlyMap<string, number> = new Map([
  // One call to each service.
  ['Query.jobs', 2],
  ['Query.shippingLabel', 10],
  ['Mutation.cancelJob', 10],
  ['Mutation.createDataExchangeJob', 10],
  ['Mutation.createImportExportJob', 10],
  ['Mutation.startDataExchangeJob', 10],
  ['Mutation.updateImportExportJob', 10],
  // Polled for as long as somebody watches.
  ['Subscription.jobActivity', 20],
  ['Subscription.jobStateChanged', 1],
  // One more read of the job; the three share it.
  ['ImportExportJob.artifacts', 1],
  ['ImportExportJob.manifest', 1],
  ['ImportExportJob.signature', 1],
  // URLs that only a fresh read brings.
  ['ExportAssetToSignedUrlDetails.download', 1],
  ['ImportAssetFromApiGatewayApiDetails.specificationUpload', 1],
  ['ImportAssetFromSignedUrlDetails.upload', 1],
]);
