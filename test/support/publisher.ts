/** The emulator's catalog as others see it: through AWS's own client. */
import { DataExchange } from '@aws-sdk/client-dataexchange';
import { onTestFinished } from 'vitest';
import { demo } from '../../src/emulator/demo.ts';
import type { EmulatorControl } from './emulator-control.ts';

export const newDataSet = { assetType: 'S3_SNAPSHOT', name: 'Prices of May', description: 'Daily' } as const;

const userErrors = 'userErrors { code field awsCode }';

export const createDataSet = `mutation ($input: CreateDataSetInput!) {
  createDataSet(input: $input) { dataSet { id awsDataSetId name } ${userErrors} } }`;

export const createRevision = `mutation ($input: CreateRevisionInput!) {
  createRevision(input: $input) { revision { id awsRevisionId comment isFinalized } ${userErrors} } }`;

export const finalizeRevision = `mutation ($id: ID!, $force: Boolean! = false) {
  finalizeRevision(id: $id, force: $force) { revision { awsRevisionId isFinalized } ${userErrors} } }`;

/** The global id of a revision of the demo data set, or of another one. */
export function revisionIdOf(awsRevisionId: string, awsDataSetId: string = demo.dataSetId): string {
  return Buffer.from(`Revision:${awsDataSetId}:${awsRevisionId}`).toString('base64url');
}

export class Publisher {
  readonly aws: DataExchange;

  readonly #emulator: EmulatorControl;

  constructor(emulator: EmulatorControl) {
    this.#emulator = emulator;
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
    this.aws = new DataExchange({ endpoint: emulator.url, region: 'us-east-1', credentials });
    onTestFinished(() => this.aws.destroy());
  }

  /** Newest first, without the demo data set. */
  async dataSetIds(): Promise<readonly string[]> {
    const { DataSets = [] } = await this.aws.listDataSets({ Origin: 'OWNED', MaxResults: 200 });
    return DataSets.map(({ Id = '' }) => Id).filter((id) => id !== demo.dataSetId);
  }

  /** Of the demo data set, newest first, without its demo revisions. */
  async revisionIds(): Promise<readonly string[]> {
    const { Revisions = [] } = await this.aws.listDataSetRevisions({ DataSetId: demo.dataSetId, MaxResults: 200 });
    const demoIds: readonly string[] = [demo.revisionId, demo.finalizedRevisionId];
    return Revisions.map(({ Id = '' }) => Id).filter((id) => !demoIds.includes(id));
  }

  async isFinalized(RevisionId: string): Promise<boolean> {
    return (await this.aws.getRevision({ DataSetId: demo.dataSetId, RevisionId })).Finalized ?? false;
  }

  /** A draft of the demo data set. */
  async emptyRevision(): Promise<string> {
    const { Id = '' } = await this.aws.createRevision({ DataSetId: demo.dataSetId });
    return Id;
  }

  /** A draft of the demo data set with one asset, which a completed job has imported. */
  async revision(): Promise<string> {
    const id = await this.emptyRevision();
    await this.#emulator.move(await this.importJob(id), { state: 'COMPLETED' });
    return id;
  }

  /** A waiting import into a revision of the demo data set. */
  async importJob(RevisionId: string): Promise<string> {
    const AssetSources = [{ Bucket: demo.bucket, Key: 'prices/2024/03.csv' }];
    const Details = { ImportAssetsFromS3: { DataSetId: demo.dataSetId, RevisionId, AssetSources } };
    const { Id = '' } = await this.aws.createJob({ Type: 'IMPORT_ASSETS_FROM_S3', Details });
    return Id;
  }
}
