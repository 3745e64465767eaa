/** The query `shippingLabel`. */

import type * as model from '../model/import-export-job.ts';
import { sizes } from '../model/job-input-sizes.ts';
import { secretUrl } from '../resolvers/secret-url.ts';
import { type ShippingLabelPayload as PayloadShape, shippingLabel } from '../resolvers/shipping-label.ts';
import { builder } from './builder.ts';
import { payloadType } from './payload.ts';
import { PostalAddressInput } from './postal-address.ts';
import { write } from './price.ts';
import { readingSecrets, secret } from './rights.ts';
import { sized, sizedInput } from './sized.ts';

const ShippingLabelInput = builder.inputType('ShippingLabelInput', {
  description: 'What the parcel holds, and who sends it.',
  fields: (t) => ({
    jobIds: t.idList({
      ...sized(
        sizes.labelledJobs,
        (range) => `The \`id\`s of AWS Import/Export jobs whose devices go in one parcel: ${range} of them.`,
      ),
    }),
    sender: t.field({
      type: PostalAddressInput,
      description: 'Where the parcel starts from; not where it goes back to.',
    }),
  }),
});

const ShippingLabel = builder.objectRef<model.ShippingLabel>('ShippingLabel').implement({
  extensions: secret,
  description: 'A prepaid label, ready to print.',
  fields: (t) => ({
    url: t.string({
      description: 'Where the label is, as a PDF. Treat it as a secret: it shows an address.',
      resolve: secretUrl,
    }),
    warning: t.exposeString('warning', {
      nullable: true,
      description: 'A remark of the service on a request that it accepted. Null if it made none.',
    }),
  }),
});

const ShippingLabelPayload = payloadType<PayloadShape>('ShippingLabelPayload', {
  description: 'The label, or why there is none.',
  fields: (t) => ({
    label: t.expose('label', { type: ShippingLabel, nullable: true, description: 'Null if the request was refused.' }),
  }),
});

builder.queryField('shippingLabel', (t) =>
  t.field({
    extensions: { ...write, ...readingSecrets },
    type: ShippingLabelPayload,
    description:
      'A prepaid label for sending a parcel of devices to AWS. Changes nothing. Costs one call, and counts 10 points. Needs the scopes `jobs:read` and `jobs:secrets`.',
    args: { input: t.arg({ type: ShippingLabelInput, ...sizedInput('What the parcel holds, and who sends it.') }) },
    resolve: shippingLabel,
  }),
);
