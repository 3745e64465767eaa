/** The jobs of both services in the form of the schema. */
import {
  CreateJobCommand,
  DataExchangeClient,
  type ExportAssetsToS3RequestDetails,
  GetJobCommand,
  type JobEntry,
  ListJobsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dataexchange';
import { listImportExportJobs } from './import-export.ts';

/** With the SDK's defaults: 50 keep-alive connections, three attempts. Endpoint and credentials come from the environment. */
const dataExchange = new DataExchangeClient({});

const pageSize = 200;

export interface Job {
  readonly __typename: 'DataExchangeJob' | 'ImportExportJob';
  readonly id: string;
  readonly awsJobId: string;
  readonly service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT';
  readonly createdAt: string;
}

/** Null if there is no such job. */
export async function readJob(id: string): Promise<Job | null> {
  try {
    return jobFrom(await dataExchange.send(new GetJobCommand({ JobId: awsJobIdOf(id) })));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}

export async function listDataExchangeJobs(first: number): Promise<readonly Job[]> {
  const { Jobs = [] } = await dataExchange.send(new ListJobsCommand({ MaxResults: Math.min(first, pageSize) }));
  return Jobs.map(jobFrom);
}

/** The newest jobs of both services; Data Exchange first where two were created at the same time. */
export async function listJobs(first: number, service?: Job['service'] | null): Promise<readonly Job[]> {
  if (service === 'DATA_EXCHANGE') return listDataExchangeJobs(first);
  if (service === 'IMPORT_EXPORT') return importExportJobs(first);
  const [dataExchangeJobs, others] = await Promise.all([listDataExchangeJobs(first), importExportJobs(first)]);
  const newestFirst = [...dataExchangeJobs, ...others].sort(
    (a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt),
  );
  return newestFirst.slice(0, first);
}

export interface ExportInput {
  readonly dataSetId: string;
  readonly revisionId: string;
  readonly destinations: readonly { readonly assetId: string; readonly bucket: string; readonly key?: string | null }[];
}

export async function createExport({ dataSetId, revisionId, destinations }: ExportInput): Promise<Job> {
  const details: ExportAssetsToS3RequestDetails = {
    DataSetId: dataSetId,
    RevisionId: revisionId,
    AssetDestinations: destinations.map(({ assetId, bucket, key }) => ({
      AssetId: assetId,
      Bucket: bucket,
      ...(key && { Key: key }),
    })),
  };
  return jobFrom(
    await dataExchange.send(
      new CreateJobCommand({ Type: 'EXPORT_ASSETS_TO_S3', Details: { ExportAssetsToS3: details } }),
    ),
  );
}

async function importExportJobs(first: number): Promise<readonly Job[]> {
  const jobs = await listImportExportJobs(first);
  return jobs.map(({ awsJobId, createdAt }) => ({
    __typename: 'ImportExportJob',
    id: globalId('ImportExportJob', awsJobId),
    awsJobId,
    service: 'IMPORT_EXPORT',
    createdAt: new Date(createdAt).toISOString(),
  }));
}

function jobFrom({ Id = '', Arn, State, Type, CreatedAt, UpdatedAt }: Partial<JobEntry>) {
  return {
    __typename: 'DataExchangeJob',
    id: globalId('DataExchangeJob', Id),
    awsJobId: Id,
    service: 'DATA_EXCHANGE',
    arn: Arn ?? null,
    state: State === 'ERROR' ? 'FAILED' : State,
    stateCode: State,
    type: Type,
    typeCode: Type,
    createdAt: CreatedAt?.toISOString() ?? '',
    updatedAt: UpdatedAt?.toISOString() ?? '',
  } as const;
}

function globalId(type: Job['__typename'], awsJobId: string): string {
  return Buffer.from(`${type}:${awsJobId}`).toString('base64url');
}

function awsJobIdOf(id: string): string {
  const [, awsJobId = ''] = Buffer.from(id, 'base64url').toString().split(':');
  return awsJobId;
}
