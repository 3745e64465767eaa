/** The operations that create or change a job: CreateJob, UpdateJob, CancelJob. */
import type { TransferDirection } from '../../model/import-export-job.ts';
import type { ImportExportManifest } from '../../model/import-export-manifest.ts';
import type { CreateImportExportJobResult, UpdateImportExportJobResult } from '../backend.ts';
import type { CallTime } from '../calls/attempt.ts';
import { failure, isException } from './errors.ts';
import type { Invoke } from './invoke.ts';
import { manifestText } from './manifest.ts';
import { assertOwnAccessKey } from './manifest-text.ts';
import { cancelJobResult, checkedManifest, createJobResult, updateJobResult } from './results.ts';
import type { SigningKey } from './signature.ts';

interface ManifestRequest {
  readonly manifest: ImportExportManifest;
  readonly validateOnly: boolean;
}

export async function createJob(
  invoke: Invoke,
  request: ManifestRequest,
  time: CallTime,
): Promise<CreateImportExportJobResult> {
  const { direction, call } = manifestCall(request);
  if (request.validateOnly) {
    const checked = await invoke({ ...call, operation: 'CreateJob', effect: 'nothing' }, checkedManifest, time);
    return { job: null, warning: checked.WarningMessage };
  }
  const created = await invoke({ ...call, operation: 'CreateJob', effect: 'new job' }, createJobResult, time);
  return {
    // Replies from before 2015 have no JobType.
    job: {
      service: 'IMPORT_EXPORT',
      awsJobId: created.JobId,
      direction: created.JobType ?? direction,
      state: 'WAITING',
    },
    warning: created.WarningMessage,
  };
}

export async function updateJob(
  invoke: Invoke,
  awsJobId: string,
  request: ManifestRequest,
  time: CallTime,
): Promise<UpdateImportExportJobResult> {
  const { call } = manifestCall(request);
  const members = { JobId: awsJobId, ...call.members };
  const effect = request.validateOnly ? 'nothing' : 'change';
  const updated = await invoke({ ...call, operation: 'UpdateJob', members, effect }, updateJobResult, time);
  assertSuccess(updated);
  return { warning: updated.WarningMessage };
}

/** Counts CanceledJobIdException as a success: the job is cancelled, as the caller requested. */
export async function cancelJob(invoke: Invoke, awsJobId: string, time: CallTime): Promise<void> {
  try {
    const call = { operation: 'CancelJob', members: { JobId: awsJobId }, effect: 'change' } as const;
    assertSuccess(await invoke(call, cancelJobResult, time));
  } catch (error) {
    if (!isException(error, 'CanceledJobId')) throw error;
  }
}

const jobTypes: Readonly<Record<TransferDirection, string>> = { EXPORT: 'Export', IMPORT: 'Import' };

/** The parts of a call that CreateJob and UpdateJob share. Only a caller's own text can name an access key. */
function manifestCall({ manifest, validateOnly }: ManifestRequest) {
  const { direction, text } = manifestText(manifest);
  const members = { Manifest: text, JobType: jobTypes[direction], ValidateOnly: validateOnly };
  const checkKey = (key: SigningKey) => assertOwnAccessKey(text, key);
  return { direction, call: { members, ...(manifest.text && { checkKey }) } };
}

/** No known reply has `Success` false: the service reports failures by exceptions. */
function assertSuccess({ Success }: { readonly Success: boolean }): void {
  if (!Success)
    throw failure({ code: 'UPSTREAM_REJECTED', message: 'AWS Import/Export answered that it did not succeed.' });
}
