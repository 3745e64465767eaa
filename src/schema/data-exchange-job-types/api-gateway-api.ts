/** IMPORT_ASSET_FROM_API_GATEWAY_API: its input and its details. */
import type * as model from '../../model/data-exchange-job-types/api-gateway-api.ts';
import { sizes } from '../../model/job-input-sizes.ts';
import { builder } from '../builder.ts';
import { reading } from '../rights.ts';
import { sized } from '../sized.ts';
import { DataExchangeJobDetails, importedInto } from './details.ts';
import { importFields } from './inputs.ts';
import { revisionLink } from './links.ts';
import { signedUrlField } from './signed-url.ts';

const ImportAssetFromApiGatewayApiInput = builder.inputType('ImportAssetFromApiGatewayApiInput', {
  description:
    'Import an API of Amazon API Gateway: create the job, PUT the specification to its `specificationUpload`, then start it.',
  fields: (t) => ({
    ...importFields(t),
    apiId: t.string({ description: "API Gateway's identifier of the API." }),
    apiName: t.string({ description: 'What subscribers will see it called.' }),
    apiDescription: t.string({
      required: false,
      ...sized(sizes.apiDescription, (range) => `What subscribers will read of it. May hold Markdown, ${range}.`),
    }),
    apiKey: t.string({ required: false, description: 'The key that the API asks for, if it does. Never read back.' }),
    specificationMd5Hash: t.string(
      sized(sizes.md5Hash, (range) => `Base64 of the MD5 of its OpenAPI 3.0 specification, as JSON: ${range}.`),
    ),
    stage: t.string({ description: 'The stage of the API to import.' }),
  }),
});

const ApiGatewayApi = builder.objectRef<model.ApiGatewayApi>('ApiGatewayApi').implement({
  extensions: reading,
  description: 'An API of Amazon API Gateway.',
  fields: (t) => ({
    apiId: t.exposeString('id', {
      nullable: true,
      description: "API Gateway's identifier; not an `id` of this API. Null if the service left it out of its answer.",
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'What subscribers will see it called. Null if the service left it out of its answer.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'May hold Markdown. Null if none was given.',
    }),
    stage: t.exposeString('stage', {
      nullable: true,
      description: 'The stage that is imported. Null if the service left it out of its answer.',
    }),
    protocol: t.exposeString('protocol', {
      nullable: true,
      description: "The service's word for its protocol: `REST`. Null if the service left it out of its answer.",
    }),
  }),
});

const Details = builder
  .objectRef<model.ImportAssetFromApiGatewayApiDetails>('ImportAssetFromApiGatewayApiDetails')
  .implement({
    extensions: reading,
    description: 'An import of an API of Amazon API Gateway: first the upload of its specification, then the start.',
    interfaces: [DataExchangeJobDetails],
    fields: (t) => ({
      revisionId: t.exposeString('revisionId', importedInto),
      revision: t.field(revisionLink),
      api: t.expose('api', { type: ApiGatewayApi, description: 'The API to import.' }),
      specificationMd5Hash: t.exposeString('specificationMd5Hash', {
        nullable: true,
        description:
          'Base64 of the MD5 of the specification, to send as `Content-MD5`. Null if the service left it out of its answer.',
      }),
      specificationUpload: t.field({
        ...signedUrlField,
        description:
          'Where to PUT the OpenAPI 3.0 specification, as JSON. Null once it has expired. Costs one read unless this operation created the job. Needs the scope `jobs:secrets`.',
      }),
    }),
  });

export const apiGatewayApi = {
  value: { description: 'Imports an API of Amazon API Gateway into a revision.' },
  input: { type: ImportAssetFromApiGatewayApiInput, required: false, description: 'Import an API.' },
  details: Details,
} as const;
