/** Resolves a prepaid label for sending one device. */

import type { ShippingLabel } from '../model/import-export-job.ts';
import type { PostalAddress } from '../model/import-export-manifest.ts';
import { fits, rangeOf, sizes } from '../model/job-input-sizes.ts';
import type { Context } from './context.ts';
import { invalidInput, type UserError, userErrorFrom } from './failures.ts';
import { jobRefFrom } from './global-id.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

export interface ShippingLabelInput {
  readonly jobIds: readonly string[];
  readonly sender: PostalAddress;
}

export type ShippingLabelPayload = Payload<{ label: ShippingLabel }>;

export async function shippingLabel(
  _parent: unknown,
  { input }: { input: ShippingLabelInput },
  context: Context,
): Promise<ShippingLabelPayload> {
  return payloadOf<{ label: ShippingLabel }>({ refused: { label: null }, errorFrom: labelErrorFrom }, async () => {
    const awsJobIds = input.jobIds.map(importExportJobIdFrom);
    const faults = jobIdFaults(awsJobIds);
    if (faults.length > 0) throw new Refusal(...faults);
    const request = { awsJobIds: awsJobIds.filter((id) => id !== undefined), sender: input.sender };
    return { label: await context.backends.importExport.getShippingLabel(request, { signal: context.signal }) };
  });
}

function importExportJobIdFrom(globalId: string): string | undefined {
  const ref = jobRefFrom(globalId);
  return ref?.service === 'IMPORT_EXPORT' ? ref.awsJobId : undefined;
}

function jobIdFaults(awsJobIds: readonly (string | undefined)[]): readonly UserError[] {
  if (!fits(awsJobIds.length, sizes.labelledJobs)) {
    return [invalidInput(['input', 'jobIds'], `A label is for ${rangeOf(sizes.labelledJobs)} jobs.`)];
  }
  return awsJobIds.flatMap((awsJobId, index) =>
    awsJobId === undefined
      ? [invalidInput(['input', 'jobIds', String(index)], 'This is not the id of an AWS Import/Export job.')]
      : [],
  );
}

/** The backend names `awsJobIds` where the caller wrote `jobIds`. */
function labelErrorFrom(error: unknown): UserError {
  const userError = userErrorFrom(error, ['input']);
  const field = userError.field?.map((name) => (name === 'awsJobIds' ? 'jobIds' : name)) ?? null;
  return { ...userError, field };
}
