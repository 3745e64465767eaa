/**
 * IMPORT_ASSET_FROM_API_GATEWAY_API: an API becomes an asset. Its specification is uploaded to the job's signed URL.
 */

import { z } from 'zod';
import { sizes } from '../../../model/job-input-sizes.ts';
import { maybe, object } from '../../input/checks.ts';
import { text as textOf } from '../../input/text-checks.ts';
import { anyText, md5Hash, requiredText } from '../constraints.ts';
import { instant, orNull, revision, text } from '../wire-shapes.ts';
import { jobType } from './job-type.ts';
import { checkedRevision } from './request-parts.ts';
import { optional, repeated, repeatedRevision } from './work-members.ts';

export const apiGatewayApi = jobType({
  branch: 'importAssetFromApiGatewayApi',
  type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
  member: 'ImportAssetFromApiGatewayApi',
  check: object({
    ...checkedRevision,
    apiId: requiredText,
    apiName: requiredText,
    apiDescription: maybe(textOf({ size: sizes.apiDescription })),
    apiKey: maybe(anyText),
    specificationMd5Hash: md5Hash,
    stage: requiredText,
  }),
  awsDetailsFrom: (api) => ({
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
    ApiKey: orNull(z.unknown()),
    ApiName: text,
    ApiSpecificationMd5Hash: text,
    ApiSpecificationUploadUrl: text,
    ApiSpecificationUploadUrlExpiresAt: instant.nullish(),
    ProtocolType: text,
    Stage: text,
  },
  detailsFrom: (members, { awsJobId, readSignedUrl }) => ({
    type: 'IMPORT_ASSET_FROM_API_GATEWAY_API',
    awsJobId,
    dataSetId: members.DataSetId,
    revisionId: members.RevisionId,
    api: {
      id: members.ApiId,
      name: members.ApiName,
      description: members.ApiDescription,
      stage: members.Stage,
      protocol: members.ProtocolType,
    },
    specificationMd5Hash: members.ApiSpecificationMd5Hash,
    hasApiKey: members.ApiKey !== null && members.ApiKey !== '',
    ...(readSignedUrl && {
      signedUrl: readSignedUrl(members.ApiSpecificationUploadUrl, members.ApiSpecificationUploadUrlExpiresAt),
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
