/** IMPORT_ASSET_FROM_SIGNED_URL. */
import { z } from 'zod';
import { snapshot } from '../catalog.ts';
import { concurrentJobsTo, filledText, md5Hash, revision } from './forms.ts';
import { jobType } from './job-type.ts';
import { uploadedBytes } from './uploaded-file.ts';

export const importAssetFromSignedUrl = jobType({
  type: 'IMPORT_ASSET_FROM_SIGNED_URL',
  member: 'ImportAssetFromSignedUrl',
  form: z.object({ ...revision, AssetName: filledText, Md5Hash: md5Hash }),
  concurrency: { name: `${concurrentJobsTo} import assets from a signed URL`, value: 10 },
  uploadMd5Hash: ({ Md5Hash }) => Md5Hash,
  work: ({ AssetName }, context) => ({ assets: [snapshot(AssetName, uploadedBytes(AssetName, context))] }),
});
