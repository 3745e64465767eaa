/** AWS's client for Data Exchange, with its own retries, against an emulator with variety. */
import type { DataExchange } from '@aws-sdk/client-dataexchange';
import { expect } from 'vitest';
import { createdId, startSession, uploadFile } from '../support/data-exchange.ts';
import { stepMs } from '../support/emulator.ts';
import { importFrom, jobRequest, jobTypes } from '../support/job-requests.ts';
import { lagMs, readNew, seeded } from '../support/variety.ts';

async function listedIds(client: DataExchange, MaxResults: number): Promise<string[]> {
  const ids: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.listJobs({ MaxResults, ...(NextToken !== undefined && { NextToken }) });
    ids.push(...(page.Jobs ?? []).map(({ Id = '' }) => Id));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return ids;
}

seeded('the SDK creates and completes a job of each type', async (seed) => {
  const { client, clock } = await startSession(seed);
  for (const type of jobTypes) {
    const JobId = await createdId(client, jobRequest(type));
    const job = await readNew(() => client.getJob({ JobId }));
    expect(job).toMatchObject({ Id: JobId, Type: type, State: 'WAITING', CreatedAt: expect.any(Date) });
    await uploadFile(job);
    await client.startJob({ JobId });
    await clock.advance(stepMs);
    const { State } = await client.getJob({ JobId });
    // Some responses omit the upload URL for an API's specification, as in the User Guide; nothing can be uploaded
    // then.
    const hasNoUploadUrl = 'ApiSpecificationUploadUrl' in (job.Details?.ImportAssetFromApiGatewayApi ?? {}) === false;
    const cannotUpload = type === 'IMPORT_ASSET_FROM_API_GATEWAY_API' && hasNoUploadUrl;
    expect([type, State]).toEqual([type, cannotUpload ? 'ERROR' : 'COMPLETED']);
  }
});

seeded('the SDK cancels a job, and reads all jobs from short pages', async (seed) => {
  const { client, clock, seed: seedJobs } = await startSession(seed);
  const ids = [...(await seedJobs('dataExchange', 40))];
  for (let count = 0; count < 5; count += 1)
    ids.push(await createdId(client, importFrom('any-bucket', `${count}.csv`)));
  await clock.advance(lagMs);
  const [last = ''] = ids.slice(-1);
  await client.cancelJob({ JobId: last });
  expect((await client.getJob({ JobId: last })).State).toBe('CANCELLED');
  for (const size of [7, 200]) expect(await listedIds(client, size)).toEqual(ids.toReversed());
});
