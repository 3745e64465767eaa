/** AWS's client for Data Exchange with its defaults, including retries. */
import { type CreateJobCommandInput, DataExchange, type GetJobCommandOutput } from '@aws-sdk/client-dataexchange';
import { onTestFinished } from 'vitest';
import { credentials, type ForeignEmulator, startEmulator, stepMs } from './emulator.ts';
import { file, md5 } from './job-requests.ts';

export interface Session extends ForeignEmulator {
  readonly client: DataExchange;
}

/** Starts an emulator and a client; both are closed with the test. `variety` is a seed. */
export async function startSession(variety?: string): Promise<Session> {
  const emulator = await startEmulator(variety);
  const client = new DataExchange({ endpoint: emulator.url, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  return { ...emulator, client };
}

/** Creates a job and returns its id. */
export async function createdId(client: DataExchange, request: CreateJobCommandInput): Promise<string> {
  const { Id } = await client.createJob(request);
  if (Id === undefined) throw new Error('expected a job with an id');
  return Id;
}

/** Uploads the example file for a job that imports one. */
export async function uploadFile(job: Pick<GetJobCommandOutput, 'Details'>): Promise<void> {
  const { ImportAssetFromSignedUrl, ImportAssetFromApiGatewayApi } = job.Details ?? {};
  const url = ImportAssetFromSignedUrl?.SignedUrl ?? ImportAssetFromApiGatewayApi?.ApiSpecificationUploadUrl;
  if (url === undefined) return;
  const { status } = await fetch(url, { method: 'PUT', body: file, headers: { 'Content-MD5': md5(file) } });
  if (status !== 200) throw new Error(`the upload was answered ${status}`);
}

/** Creates a job, uploads its file, starts it, and returns it when it has ended. */
export async function finished(
  { client, clock }: Session,
  request: CreateJobCommandInput,
): Promise<GetJobCommandOutput> {
  const JobId = await createdId(client, request);
  await uploadFile(await client.getJob({ JobId }));
  await client.startJob({ JobId });
  await clock.advance(stepMs);
  return client.getJob({ JobId });
}
