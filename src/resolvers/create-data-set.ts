/** Creates a data set. */
import { faultsInDataSet } from '../backends/data-exchange/catalog/catalog-checks.ts';
import { dataSetCreate } from '../creates/catalog-create.ts';
import type { DataSet, NewDataSet } from '../model/catalog.ts';
import { faultsAt } from '../model/input-fault.ts';
import type { Maybe } from '../model/maybe.ts';
import type { Context } from './context.ts';
import { userErrorsFrom } from './failures.ts';
import { createdOnce, faultsInKey } from './idempotency-key.ts';
import { type Payload, payloadOf, Refusal } from './payload.ts';

export type CreateDataSetPayload = Payload<{ dataSet: DataSet }>;

export interface CreateDataSetInput extends NewDataSet {
  readonly idempotencyKey?: Maybe<string>;
}

export async function createDataSet(
  _parent: unknown,
  { input: { idempotencyKey, ...request } }: { input: CreateDataSetInput },
  context: Context,
): Promise<CreateDataSetPayload> {
  const errorsFrom = (error: unknown) => userErrorsFrom(error, ['input']);
  return payloadOf<{ dataSet: DataSet }>({ context, refused: { dataSet: null }, errorsFrom }, async () => {
    const faults = [...faultsInKey(idempotencyKey), ...faultsInDataSet(request)];
    if (faults.length > 0) throw new Refusal(...faultsAt(['input'], faults));
    return { dataSet: await createdOnce(dataSetCreate(context.backends, request), idempotencyKey, context) };
  });
}
