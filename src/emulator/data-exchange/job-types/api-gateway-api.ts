/** IMPORT_ASSET_FROM_API_GATEWAY_API. */
import { z } from 'zod';
import type { NewAsset } from '../catalog.ts';
import { instantText } from '../instant.ts';
import { concurrentJobsTo, filledText, md5Hash, revision } from './forms.ts';
import { jobType } from './job-type.ts';
import { uploadedBytes } from './uploaded-file.ts';

const form = z.object({
  ...revision,
  ApiId: filledText,
  ApiName: filledText,
  ApiSpecificationMd5Hash: md5Hash,
  ProtocolType: z.enum(['REST']),
  Stage: filledText,
  ApiDescription: z.string().optional(),
  ApiKey: z.string().optional(),
});

export const apiGatewayApi = jobType({
  type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
  member: 'ImportAssetFromApiGatewayApi',
  form,
  concurrency: { name: `${concurrentJobsTo} import assets from an API Gateway API`, value: 10 },
  uploadMd5Hash: ({ ApiSpecificationMd5Hash }) => ApiSpecificationMd5Hash,
  /** A completed import has a download URL for the uploaded specification (User Guide, sample reply). */
  work: (details, context) => ({
    download: uploadedBytes(details.ApiName, context),
    assets: [assetFrom(details)],
  }),
  urlMembers: ({ upload, download }) =>
    upload === undefined
      ? {}
      : {
          ApiSpecificationUploadUrl: upload.url,
          ApiSpecificationUploadUrlExpiresAt: instantText(upload.expiresAt),
          // Not in the service's model, but in the User Guide's sample of a completed job.
          ...(download !== undefined && { ApiSpecificationDownloadUrl: download.url }),
        },
});

/** Without the `ApiKey`, which is a secret. */
function assetFrom({ ApiDescription, ApiId, ApiName, ProtocolType, Stage }: z.output<typeof form>): NewAsset {
  const ApiEndpoint = `https://${ApiId}.execute-api.us-east-1.amazonaws.com/${Stage}`;
  const asset = { ApiDescription, ApiEndpoint, ApiId, ApiName, ProtocolType, Stage };
  return { name: ApiName, type: 'API_GATEWAY_API', details: { ApiGatewayApiAsset: asset } };
}
