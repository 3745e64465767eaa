/** Cancels a job of either service. */
import type { GraphQLResolveInfo } from 'graphql';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { Job } from '../model/job.ts';
import type { Context } from './context.ts';
import { requestCancel } from './data-exchange-job.ts';
import { invalidInput, type UserError, userErrorFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { forgetImportExportJob } from './import-export-job.ts';

export interface CancelJobPayload {
  readonly job: Job | null;
  readonly userErrors: readonly UserError[];
}

export async function cancelJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CancelJobPayload> {
  const ref = jobRefFrom(id);
  if (ref === undefined) {
    return { job: null, userErrors: [invalidInput(['id'], 'This is not the id of a job.')] };
  }
  const cancel = ref.service === 'DATA_EXCHANGE' ? requestCancel : cancelImportExportJob;
  try {
    return { job: await cancel(ref.awsJobId, context, info), userErrors: [] };
  } catch (error) {
    return { job: null, userErrors: [userErrorFrom(error, [], ['id'])] };
  }
}

async function cancelImportExportJob(awsJobId: string, context: Context): Promise<ImportExportJob> {
  await context.backends.importExport.cancelJob(awsJobId, { signal: context.signal });
  forgetImportExportJob(awsJobId, context);
  const job = { service: 'IMPORT_EXPORT', awsJobId, state: 'CANCELLED' } as const;
  context.watcher.noteMutation(job);
  return job;
}
