/** AWS's client for Data Exchange with its defaults, retries included. */
import { type CreateJobCommandInput, DataExchange, type GetJobCommandOutput } from '@aws-sdk/client-dataexchange';
import { onTestFinished } from 'vitest';
import { credentials, type ForeignEmulator, startEmulator, stepMs } from './emulator.ts';
import { file, md5 } from './job-requests.ts';

export interface Scene extends ForeignEmulator {
  readonly client: DataExchange;
}

/** An emulator and a client of it; both are closed with the test. `variety` is a seed. */
export async function startScene(variety?: string): Promise<Scene> {
  const emulator = await startEmulator(variety);
  const client = new DataExchange({ endpoint: emulator.url, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return { ...emulator, client };
}

/** Creates a job and gives its id. */
export async function createdId(client: DataExchange, request: CreateJobCommandInput): Promise<string> {
  const { Id } = await client.createJob(request);
  if (Id === undefined) throw new Error('expected a job with an id');
  return Id;
}

/** Uploads the example file for a job that imports one. */
export async function supply(job: Pick<GetJobCommandOutput, 'Details'>): Promise<void> {
  const { ImportAssetFromSignedUrl, ImportAssetFromApiGatewayApi } = job.Details ?? {};
  const url = ImportAssetFromSignedUrl?.SignedUrl ?? ImportAssetFromApiGatewayApi?.ApiSpecificationUploadUrl;
  if (url === undefined) return;
  const { status } = await fetch(url, { method: 'PUT', body: file, headers: { 'Content-MD5': md5(file) } });
  if (status !== 200) throw new Error(`the upload was answered ${status}`);
}

/** Runs a job from its creation to its end. */
export async function finished({ client, clock }: Scene, request: CreateJobCommandInput): Promise<GetJobCommandOutput> {
  const JobId = await createdId(client, request);
  await supply(await client.getJob({ JobId }));
  await client.startJob({ JobId });
  await clock.advance(stepMs);
  return client.getJob({ JobId });
}
