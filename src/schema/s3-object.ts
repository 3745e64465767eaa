/** The type of an S3 object, for jobs of both services. */
import type * as model from '../model/s3-object.ts';
import { builder } from './builder.ts';
import { reading } from './rights.ts';

export const S3Object = builder.objectRef<model.S3Object>('S3Object').implement({
  extensions: reading,
  description: 'An object in Amazon S3. It is named, not opened: the gateway does not know whether it still exists.',
  fields: (t) => ({
    bucket: t.exposeString('bucket', { description: 'The name of the bucket.' }),
    key: t.exposeString('key', { description: 'Its key, which is its whole name within the bucket.' }),
  }),
});
