/** Cancels a job of either service. */
import type { GraphQLResolveInfo } from 'graphql';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { Job } from '../model/job.ts';
import type { Context } from './context.ts';
import { requestCancel } from './data-exchange-job.ts';
import { invalidInput, userErrorFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { forgetImportExportJob } from './import-export-job.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

export type CancelJobPayload = Payload<{ job: Job }>;

export async function cancelJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CancelJobPayload> {
  const errorFrom = (error: unknown) => userErrorFrom(error, [], ['id']);
  return payloadOf<{ job: Job }>({ refused: { job: null }, errorFrom }, async () => {
    const ref = jobRefFrom(id);
    if (ref === undefined) throw new Refusal(invalidInput(['id'], 'This is not the id of a job.'));
    const cancel = ref.service === 'DATA_EXCHANGE' ? requestCancel : cancelImportExportJob;
    return { job: await cancel(ref.awsJobId, context, info) };
  });
}

async function cancelImportExportJob(awsJobId: string, context: Context): Promise<ImportExportJob> {
  await context.backends.importExport.cancelJob(awsJobId, { signal: context.signal });
  forgetImportExportJob(awsJobId, context);
  const job = { service: 'IMPORT_EXPORT', awsJobId, state: 'CANCELLED' } as const;
  context.watcher.noteMutation(job);
  return job;
}
