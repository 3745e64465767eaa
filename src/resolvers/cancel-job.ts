/** Cancels a job of either service. */
import type { GraphQLResolveInfo } from 'graphql';
import type { ImportExportJob } from '../model/import-export-job.ts';
import type { Job } from '../model/job.ts';
import type { Context } from './context.ts';
import { requestCancel } from './data-exchange-job.ts';
import { userErrorsFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { forgetImportExportJob } from './import-export-job.ts';
import { faultsInId } from './job-ids.ts';
import type { UnavailableService } from './job-page.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

interface CancelJobResult {
  readonly job: Job;
  /** Only of `cancelJobs`: of `cancelJob` it is an error with a code. */
  readonly unavailableService: UnavailableService;
}

export type CancelJobPayload = Payload<CancelJobResult>;

export async function cancelJob(
  _parent: unknown,
  { id }: { id: string },
  context: Context,
  info: GraphQLResolveInfo,
): Promise<CancelJobPayload> {
  const errorsFrom = (error: unknown) => userErrorsFrom(error, [], ['id']);
  return payloadOf<CancelJobResult>(
    { context, refused: { job: null, unavailableService: null }, errorsFrom },
    async () => {
      const ref = jobRefFrom(id);
      if (ref === undefined) throw new Refusal(...faultsInId(id));
      const cancel = ref.service === 'DATA_EXCHANGE' ? requestCancel : cancelImportExportJob;
      return { job: await cancel(ref.awsJobId, context, info), unavailableService: null };
    },
  );
}

/** Cancels the job, and returns what that shows of it. Other fields are read when selected. */
export async function cancelImportExportJob(awsJobId: string, context: Context): Promise<ImportExportJob> {
  await context.backends.importExport.cancelJob(awsJobId, { signal: context.signal });
  forgetImportExportJob(awsJobId, context);
  const job = { service: 'IMPORT_EXPORT', awsJobId, state: 'CANCELLED' } as const;
  context.watcher.noteMutation(job);
  return job;
}
