/** Adds and removes data sets of the emulator. */
import type { EmulatorControl } from './emulator-control.ts';

interface Counts {
  readonly dataExchange?: number;
  readonly dataSets?: number;
  readonly entitledDataSets?: number;
}

/** Ids, oldest first. */
export interface SeededCatalog {
  readonly dataExchange: readonly string[];
  readonly dataSets: readonly string[];
  readonly entitledDataSets: readonly string[];
}

/** The Data Exchange jobs are about the new data sets in turn, the owned ones first. */
export async function seedCatalog({ url }: EmulatorControl, counts: Counts): Promise<SeededCatalog> {
  const body = JSON.stringify({ dataSets: 0, entitledDataSets: 0, ...counts });
  const response = await fetch(`${url}/_emulator/seed`, { method: 'POST', body });
  if (!response.ok) throw new Error(`expected the emulator to seed, received ${response.status}`);
  return (await response.json()) as SeededCatalog;
}

/** Deletes an owned data set; ends the subscription to an entitled one. */
export async function removeDataSet({ url }: EmulatorControl, awsDataSetId: string): Promise<void> {
  const { ok } = await fetch(`${url}/_emulator/data-sets/${awsDataSetId}`, { method: 'DELETE' });
  if (!ok) throw new Error(`expected the emulator to have the data set ${awsDataSetId}`);
}
