import { expect, test } from 'vitest';
import { requestFromDetails } from './aws-request.ts';
import { jobEntry, jobId } from './samples.ts';
import { patiently, startService } from './service.ts';
import { vectorFile } from './vectors.ts';

const creates = vectorFile.vectors.filter(({ operation }) => operation === 'CreateJob');

test.each(creates)('$id: the details that come back are those that were asked for', async ({ body }) => {
  const details = { ...body?.Details };
  const { client } = await startService(() => ({
    status: 201,
    body: jobEntry({ Type: body?.Type, Details: details }),
  }));
  const job = await client.createJob(requestFromDetails(details), patiently());
  expect(job.details).toMatchObject({ type: body?.Type, awsJobId: jobId });
  expect(job.details).toMatchSnapshot();
});
