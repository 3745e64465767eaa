/** Adds many jobs, data sets and revisions for tests and benchmarks. The jobs wait, and only commands move them. */
import type { Origin } from './data-exchange/arns.ts';
import { addAsset, addRevision, type Catalog, snapshot } from './data-exchange/catalog.ts';
import { exportAssetsToS3 } from './data-exchange/job-types/export-assets-to-s3.ts';
import type { Jobs as DataExchangeJobs } from './data-exchange/jobs.ts';
import { demo } from './demo.ts';
import { demoManifest } from './demo-manifest.ts';
import type { Jobs as ImportExportJobs } from './import-export/jobs.ts';
import { manifestFrom } from './import-export/manifest.ts';

/** What a seeded job exports. */
export interface SeededAsset {
  readonly dataSetId: string;
  readonly revisionId: string;
  readonly assetId: string;
}

/** Data sets with one finalized revision of one asset each, beyond the quota as well. Returns them, oldest first. */
export function seedDataSets(catalog: Catalog, count: number, origin: Origin, at: number): SeededAsset[] {
  return Array.from({ length: count }, (_, index) => {
    const members = { assetType: 'S3_SNAPSHOT', name: `Seeded ${index}`, description: 'Seeded.', tags: {} } as const;
    const dataSet = catalog.addDataSet(members, at, origin);
    const revision = addRevision(dataSet, { comment: `Revision of seeded ${index}`, tags: {} }, at);
    const asset = addAsset(revision, snapshot(`seed/${index}.csv`, Buffer.from('seeded')), at);
    revision.isFinalized = true;
    return { dataSetId: dataSet.id, revisionId: revision.id, assetId: asset.id };
  });
}

const demoAsset: SeededAsset = {
  dataSetId: demo.dataSetId,
  revisionId: demo.revisionId,
  assetId: demo.assetId,
};

/**
 * Exports, whose completion changes nothing else: of each of `assets` in turn, or of the demo asset if there are none.
 * Returns the ids, oldest first.
 */
export function seedDataExchange(
  jobs: DataExchangeJobs,
  count: number,
  assets: readonly SeededAsset[],
  at: number,
): string[] {
  return Array.from({ length: count }, (_, index) => {
    const { dataSetId, revisionId, assetId } = assets[index % assets.length] ?? demoAsset;
    const AssetDestinations = [{ AssetId: assetId, Bucket: demo.exportBucket, Key: `seed/${index}.csv` }];
    const details = { DataSetId: dataSetId, RevisionId: revisionId, AssetDestinations };
    return jobs.add(exportAssetsToS3.request(details), at).id;
  });
}

/** Imports whose device is not sent, without the daily quota. Returns the ids, oldest first. */
export function seedImportExport(jobs: ImportExportJobs, count: number, at: number): string[] {
  const manifest = manifestFrom(demoManifest('SEED'), 'Import');
  return Array.from({ length: count }, () => jobs.add({ manifest, createdAt: at }).id);
}

/** Empty drafts in the owned demo data set, beyond the quota as well. Returns the ids, oldest first. */
export function seedRevisions(catalog: Catalog, count: number, at: number): string[] {
  const dataSet = catalog.dataSet(demo.dataSetId);
  return Array.from(
    { length: count },
    (_, index) => addRevision(dataSet, { comment: `Seeded ${index}`, tags: {} }, at).id,
  );
}
