/** Adds the demo data sets of every emulator. */
import {
  addAsset,
  addRevision,
  type Catalog,
  type DataSet,
  type NewDataSet,
  type Revision,
  snapshot,
} from './data-exchange/catalog.ts';
import { demo } from './demo.ts';

const dayMs = 24 * 60 * 60 * 1000;

const ownedDataSet: NewDataSet = {
  assetType: 'S3_SNAPSHOT',
  name: 'Waybill demo: prices',
  description: 'Daily prices of imaginary goods. Imports go into its draft revision.',
  tags: { purpose: 'demo' },
};

const entitledDataSet: NewDataSet = {
  assetType: 'S3_SNAPSHOT',
  name: 'Waybill demo: weather',
  description: 'Shared by an imaginary provider: it can be exported from, not imported into.',
  tags: {},
};

export function addDemoDataSets(catalog: Catalog, now: number): void {
  const entitled = catalog.addDataSet(entitledDataSet, now - 60 * dayMs, 'ENTITLED', demo.entitledDataSetId);
  const weather = addDemoRevision(entitled, 'The last week', now - 50 * dayMs, demo.entitledRevisionId);
  addFile(weather, 'weather/week.csv', 'day,degrees\nMonday,21\n', demo.entitledAssetId);
  weather.isFinalized = true;

  const owned = catalog.addDataSet(ownedDataSet, now - 40 * dayMs, 'OWNED', demo.dataSetId);
  const lastYear = addDemoRevision(owned, 'Prices of 2023', now - 30 * dayMs, demo.finalizedRevisionId);
  addFile(lastYear, 'prices/2023/12.csv', 'day,price\n1,9.75\n', demo.finalizedAssetId);
  lastYear.isFinalized = true;

  const thisYear = addDemoRevision(owned, 'Prices of 2024, still growing', now - 10 * dayMs, demo.revisionId);
  addFile(thisYear, 'prices/2024/01.csv', 'day,price\n1,10.00\n2,10.25\n', demo.assetId);
  addFile(thisYear, 'prices/2024/02.csv', 'day,price\n1,11.50\n', demo.otherAssetId);
}

function addDemoRevision(dataSet: DataSet, comment: string, at: number, id: string): Revision {
  return addRevision(dataSet, { comment, tags: {} }, at, id);
}

function addFile(revision: Revision, name: string, content: string, id: string): void {
  addAsset(revision, snapshot(name, Buffer.from(content)), revision.createdAt, id);
}
