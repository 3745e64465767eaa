/**
 * Names and ids that are the same in every emulator, for the README, the GraphiQL examples and the tests.
 *
 * Other names cause faults: of buckets, see `buckets.ts`; of devices, see `import-export/outcome.ts`.
 */
export const demo = {
  /** OWNED, with a draft and a finalized revision. */
  dataSetId: 'da7a0000000000000000000000000001',
  /** ENTITLED: can be exported from, not imported into. */
  entitledDataSetId: 'da7a0000000000000000000000000002',
  /** The draft revision of the owned data set, for imports. It contains the asset `assetId`. */
  revisionId: 'de710000000000000000000000000001',
  /** The finalized revision of the owned data set, which refuses imports. It contains `finalizedAssetId`. */
  finalizedRevisionId: 'de710000000000000000000000000002',
  /** The revision of the entitled data set. It contains `entitledAssetId`. */
  entitledRevisionId: 'de710000000000000000000000000003',
  /** `prices/2024/01.csv`, which can be downloaded by an export to a signed URL. */
  assetId: 'a55e7000000000000000000000000001',
  /** `prices/2024/02.csv`, beside `assetId`. */
  otherAssetId: 'a55e7000000000000000000000000002',
  finalizedAssetId: 'a55e7000000000000000000000000003',
  entitledAssetId: 'a55e7000000000000000000000000004',
  /** Data Exchange jobs of `addDemoJobs` that wait for a start or a cancellation. */
  waitingJobId: '10b00000000000000000000000000001',
  otherWaitingJobId: '10b00000000000000000000000000002',
  /** An Import/Export job of `addDemoJobs` whose device has not been sent. */
  expectedDeviceJobId: 'DEM11',
  bucket: 'waybill-demo-source',
  exportBucket: 'waybill-demo-target',
  logBucket: 'waybill-demo-logs',
  /** In eu-west-1; the others are in us-east-1. */
  europeanBucket: 'waybill-demo-europe',
  forbiddenBucket: 'waybill-demo-forbidden',
  missingBucket: 'waybill-demo-missing',
} as const;
