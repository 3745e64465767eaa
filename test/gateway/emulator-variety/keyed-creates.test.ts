import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, manifests } from '../../support/examples.ts';
import { type CreateName, createInsistently, listedIds, settledMs } from './requests.ts';
import { seeded, startVaried } from './variety-gateway.ts';

/** Without the optional members that the service may fill in. */
const requests: readonly { readonly name: CreateName; readonly operation: string; readonly input: object }[] = [
  {
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    input: {
      details: {
        exportAssetsToS3: {
          ...{ dataSetId: demo.dataSetId, revisionId: demo.revisionId },
          destinations: [{ assetId: demo.assetId, bucket: demo.exportBucket }],
        },
      },
    },
  },
  {
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    input: {
      details: {
        exportRevisionsToS3: {
          dataSetId: demo.dataSetId,
          destinations: [{ revisionId: demo.revisionId, bucket: demo.exportBucket }],
        },
      },
    },
  },
  {
    name: 'createDataExchangeJob',
    operation: 'DataExchange.CreateJob',
    input: { details: dataExchangeDetails.IMPORT_ASSET_FROM_API_GATEWAY_API },
  },
  {
    name: 'createImportExportJob',
    operation: 'ImportExport.CreateJob',
    input: { manifest: manifests.importToS3 },
  },
];

seeded('a keyed create whose answer is lost gives one job', async (seed) => {
  const gateway = await startVaried(seed);
  const created = await Promise.all(
    requests.map(async ({ name, operation, input }, index) => {
      await gateway.emulator.fail(operation, { reset: true, afterCommit: true });
      const keyed = { idempotencyKey: `variety-key-number-${index}`, ...input };
      const id = await createInsistently(gateway, name, keyed);
      expect(await createInsistently(gateway, name, keyed)).toBe(id);
      return id;
    }),
  );
  await sleep(settledMs);
  expect([...(await listedIds(gateway, 50))].sort()).toEqual([...created].sort());
  expect(gateway.complaints).toEqual([]);
});
