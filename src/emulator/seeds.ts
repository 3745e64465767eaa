/** Adds many jobs, data sets and revisions for tests and benchmarks. The jobs wait, and only commands move them. */
import { addRevision, type Catalog } from './data-exchange/catalog.ts';
import { exportAssetsToS3 } from './data-exchange/job-types/export-assets-to-s3.ts';
import type { Jobs as DataExchangeJobs } from './data-exchange/jobs.ts';
import { demo } from './demo.ts';
import { demoManifest } from './demo-manifest.ts';
import type { Jobs as ImportExportJobs } from './import-export/jobs.ts';
import { manifestFrom } from './import-export/manifest.ts';

/** Exports, whose completion changes nothing else. Returns the ids, oldest first. */
export function seedDataExchange(jobs: DataExchangeJobs, count: number, at: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const AssetDestinations = [{ AssetId: demo.assetId, Bucket: demo.exportBucket, Key: `seed/${index}.csv` }];
    const details = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetDestinations };
    return jobs.add(exportAssetsToS3.request(details), at).id;
  });
}

/** Imports whose device is not sent, without the daily quota. Returns the ids, oldest first. */
export function seedImportExport(jobs: ImportExportJobs, count: number, at: number): string[] {
  const manifest = manifestFrom(demoManifest('SEED'), 'Import');
  return Array.from({ length: count }, () => jobs.add({ manifest, createdAt: at }).id);
}

/** Empty ones, beyond the quota as well. Returns the ids, oldest first. */
export function seedDataSets(catalog: Catalog, count: number, at: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const members = { assetType: 'S3_SNAPSHOT', name: `Seeded ${index}`, description: 'Empty.', tags: {} } as const;
    return catalog.addDataSet(members, at).id;
  });
}

/** Empty drafts in the owned demo data set, beyond the quota as well. Returns the ids, oldest first. */
export function seedRevisions(catalog: Catalog, count: number, at: number): string[] {
  const dataSet = catalog.dataSet(demo.dataSetId);
  return Array.from(
    { length: count },
    (_, index) => addRevision(dataSet, { comment: `Seeded ${index}`, tags: {} }, at).id,
  );
}
