/** IMPORT_ASSET_FROM_API_GATEWAY_API: an API becomes an asset; its specification is uploaded to an address that the job gives. */
import { z } from 'zod';
import { anyText, apiDescription, md5Hash, requiredText } from '../constraints.ts';
import { instant, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

export const apiGatewayApi = jobType({
  branch: 'importAssetFromApiGatewayApi',
  type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
  member: 'ImportAssetFromApiGatewayApi',
  check: z.object({
    ...checkedRevision,
    apiId: requiredText,
    apiName: requiredText,
    apiDescription: apiDescription.nullish(),
    apiKey: anyText.nullish(),
    specificationMd5Hash: md5Hash,
    stage: requiredText,
  }),
  detailsFor: (api) => ({
    ImportAssetFromApiGatewayApi: {
      ApiDescription: api.apiDescription ?? undefined,
      ApiId: api.apiId,
      ApiKey: api.apiKey ?? undefined,
      ApiName: api.apiName,
      ApiSpecificationMd5Hash: api.specificationMd5Hash,
      DataSetId: api.dataSetId,
      // The only protocol there is (API reference, `ProtocolType`).
      ProtocolType: 'REST' as const,
      RevisionId: api.revisionId,
      Stage: api.stage,
    },
  }),
  shape: {
    ...revision,
    ApiDescription: text,
    ApiId: text,
    ApiName: text,
    ApiSpecificationMd5Hash: text,
    ApiSpecificationUploadUrl: text,
    ApiSpecificationUploadUrlExpiresAt: instant.nullish(),
    ProtocolType: text,
    Stage: text,
  },
  detailsFrom: (given, { awsJobId, readSignedUrl }) => ({
    type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
    awsJobId,
    dataSetId: given.DataSetId,
    revisionId: given.RevisionId,
    api: {
      id: given.ApiId,
      name: given.ApiName,
      description: given.ApiDescription,
      stage: given.Stage,
      protocol: given.ProtocolType,
    },
    specificationMd5Hash: given.ApiSpecificationMd5Hash,
    ...(readSignedUrl && {
      signedUrl: readSignedUrl(given.ApiSpecificationUploadUrl, given.ApiSpecificationUploadUrlExpiresAt),
    }),
  }),
  sameWork: {
    ...repeatedRevision,
    apiId: repeated,
    apiName: optional,
    apiDescription: optional,
    apiKey: { reply: 'never repeats' },
    specificationMd5Hash: optional,
    stage: repeated,
  },
  valuesIn: ({ api, ...details }) => ({
    ...details,
    apiId: api.id,
    apiName: api.name,
    apiDescription: api.description,
    stage: api.stage,
  }),
});
