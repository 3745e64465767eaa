/** The signed URL of a job that uploads or downloads one file. */
import type * as model from '../../model/data-exchange-job-types/parts.ts';
import { secretUrl } from '../../resolvers/secret-url.ts';
import { signedUrl } from '../../resolvers/signed-url.ts';
import { builder } from '../builder.ts';
import { oneCall } from '../price.ts';
import { secret } from '../rights.ts';

const SignedUrl = builder.objectRef<model.SignedUrl>('SignedUrl').implement({
  extensions: secret,
  description:
    'A URL that lets whoever has it send or fetch one file, until it expires. Needs the scope `jobs:secrets`.',
  fields: (t) => ({
    url: t.string({
      description: 'The whole address, its signature included. Keep it out of logs.',
      resolve: secretUrl,
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it stops working: as little as a minute after it was made.',
    }),
  }),
});

/** The options of a field that gives the signed URL of the details. */
export const signedUrlField = {
  extensions: { ...oneCall, ...secret },
  type: SignedUrl,
  nullable: true,
  resolve: signedUrl,
} as const;
