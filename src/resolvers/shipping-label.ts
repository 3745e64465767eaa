/** Resolves a prepaid label for sending one device. */

import { faultsInSender } from '../backends/import-export/postal-address.ts';
import { faultsIn, list, object } from '../backends/input/checks.ts';
import type { ShippingLabel } from '../model/import-export-job.ts';
import type { PostalAddress } from '../model/import-export-manifest.ts';
import { faultsAt } from '../model/input-fault.ts';
import { sizes } from '../model/job-input-sizes.ts';
import type { Context } from './context.ts';
import { type UserError, userErrorsFrom } from './failures.ts';
import { awsJobIdFrom, jobIdOf } from './job-ids.ts';
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
  return payloadOf<{ label: ShippingLabel }>(
    { context, refused: { label: null }, errorsFrom: labelErrorsFrom },
    async () => {
      const request = checkedRequest(input);
      return { label: await context.backends.importExport.getShippingLabel(request, { signal: context.signal }) };
    },
  );
}

/** Throws `Refusal` with the faults of the ids, and with those of the address. */
function checkedRequest({ jobIds, sender }: ShippingLabelInput) {
  const faults = faultsIn(jobIdRules, { jobIds });
  if (faults.length > 0) throw new Refusal(...faultsAt(['input'], [...faults, ...faultsInSender(sender)]));
  return { awsJobIds: jobIds.map((id) => awsJobIdFrom(id, 'IMPORT_EXPORT')), sender };
}

const jobIdRules = object({ jobIds: list(jobIdOf('IMPORT_EXPORT'), sizes.labelledJobs) });

/** The backend names `awsJobIds` where the caller wrote `jobIds`. */
function labelErrorsFrom(error: unknown): readonly UserError[] {
  return userErrorsFrom(error, ['input']).map((userError) => ({
    ...userError,
    field: userError.field?.map((name) => (name === 'awsJobIds' ? 'jobIds' : name)) ?? null,
  }));
}
