/** The type of an AWS Data Exchange job. */
import type * as model from '../model/data-exchange-job.ts';
import { builder } from './builder.ts';
import { DataExchangeJobDetails } from './data-exchange-job-types/details.ts';
import { DataExchangeJobType } from './data-exchange-job-types/index.ts';
import { Job } from './job.ts';
import { Node } from './node.ts';
import { reading } from './rights.ts';
import { S3Object } from './s3-object.ts';

const ExceededLimit = builder.objectRef<NonNullable<model.DataExchangeJobError['limit']>>('ExceededLimit').implement({
  extensions: reading,
  description: 'A quota of AWS Data Exchange that a job ran into.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The quota's name, such as `Asset size in GB`." }),
    value: t.exposeFloat('value', { description: 'How much the quota allows.' }),
  }),
});

const FaultyResource = builder
  .objectRef<NonNullable<model.DataExchangeJobError['resource']>>('FaultyResource')
  .implement({
    extensions: reading,
    description: 'What a job failed on.',
    fields: (t) => ({
      resourceId: t.exposeString('id', {
        description: 'The id that AWS Data Exchange gave the resource, such as an `awsRevisionId`.',
      }),
      type: t.exposeString('type', {
        description: "The service's word for its kind: `REVISION`, `ASSET` or `DATA_SET`.",
      }),
    }),
  });

const DataExchangeJobError = builder.objectRef<model.DataExchangeJobError>('DataExchangeJobError').implement({
  extensions: reading,
  description: 'One reason why an AWS Data Exchange job failed.',
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: true,
      description:
        "The service's own code, such as `VALIDATION_EXCEPTION` or `MALWARE_DETECTED`. Null if its answer has none that can be read.",
    }),
    message: t.exposeString('message', {
      description:
        "The service's own sentence for a person to read, at most 1,000 characters. What looks like a credential, an e-mail address or a telephone number is replaced by `[secret]`.",
    }),
    hint: t.exposeString('hint', {
      nullable: true,
      description:
        "This gateway's own sentence about `code`, the same for each job. Null for a code that it does not know.",
    }),
    limit: t.expose('limit', {
      type: ExceededLimit,
      nullable: true,
      description: 'The quota that was exceeded. Null for other failures.',
    }),
    resource: t.expose('resource', {
      type: FaultyResource,
      nullable: true,
      description: 'The resource at fault. Null if the service named none.',
    }),
    assetName: t.exposeString('assetName', {
      nullable: true,
      description: 'The name of the asset that could not be imported from a signed URL. Null for other failures.',
    }),
    sources: t.expose('sources', {
      type: [S3Object],
      nullable: { list: false, items: true },
      description:
        'The objects that could not be imported from S3. Empty for other failures; one is null if the answer does not say which it is.',
    }),
  }),
});

export const DataExchangeJob = builder.objectRef<model.DataExchangeJob>('DataExchangeJob').implement({
  extensions: reading,
  description: 'A job of AWS Data Exchange. The service forgets it 90 days after it was created.',
  interfaces: [Node, Job],
  fields: (t) => ({
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the service last changed the job.' }),
    arn: t.exposeString('arn', {
      nullable: true,
      description:
        'The Amazon Resource Name of the job, by which policies of AWS name it. Null if the service left it out of its answer.',
    }),
    type: t.expose('type', { type: DataExchangeJobType, description: 'What the job does.' }),
    typeCode: t.exposeString('typeCode', { description: "The service's own word for `type`." }),
    stateCode: t.exposeString('stateCode', { description: "The service's own word for `state`, such as `ERROR`." }),
    details: t.expose('details', {
      type: DataExchangeJobDetails,
      nullable: true,
      description:
        'What was asked for, and what the service answered. Null for a type of job newer than this gateway, and if the service left them out of its answer.',
    }),
    errors: t.expose('errors', {
      type: [DataExchangeJobError],
      description: 'Why the job failed. Empty unless `state` is `FAILED`.',
    }),
  }),
});
