/** The reads of the service: the operations that change nothing, and where each has its members in a request. */
import {
  GetAssetCommand,
  GetDataSetCommand,
  GetJobCommand,
  GetRevisionCommand,
  ListDataSetRevisionsCommand,
  ListDataSetsCommand,
  ListJobsCommand,
  ListRevisionAssetsCommand,
} from '@aws-sdk/client-dataexchange';
import type { AssetRef, DataSetRef, KnownDataSetOrigin, RevisionRef } from '../../model/catalog.ts';
import type { ReadCommand } from './unsent-request.ts';

interface ReadOf<Operation extends string> {
  readonly operation: Operation;
  readonly effect: 'read';
}

interface PageOf<Operation extends string> extends ReadOf<Operation> {
  readonly limit: number;
  readonly nextToken?: string | undefined;
}

interface GetJob extends ReadOf<'GetJob'> {
  readonly awsJobId: string;
}

interface ListJobs extends PageOf<'ListJobs'> {
  readonly dataSetId?: string | undefined;
  readonly revisionId?: string | undefined;
}

interface ListDataSets extends PageOf<'ListDataSets'> {
  readonly origin: KnownDataSetOrigin;
}

export type Read =
  | GetJob
  | ListJobs
  | ListDataSets
  | (ReadOf<'GetDataSet'> & DataSetRef)
  | (ReadOf<'GetRevision'> & RevisionRef)
  | (ReadOf<'GetAsset'> & AssetRef)
  | (PageOf<'ListDataSetRevisions'> & DataSetRef)
  | (PageOf<'ListRevisionAssets'> & RevisionRef);

/** By the names of the members of a read. Each is unlike every other value in the request that the SDK writes. */
export const placeholders = {
  awsAssetId: 'asset-id',
  awsDataSetId: 'data-set-id',
  awsJobId: 'job-id',
  awsRevisionId: 'revision-id',
  dataSetId: 'data-set-id',
  limit: '1',
  nextToken: 'next-token',
  origin: 'OWNED',
  revisionId: 'revision-id',
} as const;

export type Parameter = keyof typeof placeholders;

interface ReadKind {
  /** With the placeholders. */
  readonly command: () => ReadCommand;
  readonly inPath: readonly Parameter[];
  readonly inQuery: readonly Parameter[];
}

const page = { MaxResults: Number(placeholders.limit), NextToken: placeholders.nextToken };
const DataSetId = placeholders.awsDataSetId;
const RevisionId = placeholders.awsRevisionId;

export const readKinds: Readonly<Record<Read['operation'], ReadKind>> = {
  GetJob: {
    command: () => new GetJobCommand({ JobId: placeholders.awsJobId }),
    inPath: ['awsJobId'],
    inQuery: [],
  },
  ListJobs: {
    command: () => new ListJobsCommand({ ...page, DataSetId, RevisionId }),
    inPath: [],
    inQuery: ['limit', 'nextToken', 'dataSetId', 'revisionId'],
  },
  GetDataSet: {
    command: () => new GetDataSetCommand({ DataSetId }),
    inPath: ['awsDataSetId'],
    inQuery: [],
  },
  ListDataSets: {
    command: () => new ListDataSetsCommand({ ...page, Origin: placeholders.origin }),
    inPath: [],
    inQuery: ['limit', 'nextToken', 'origin'],
  },
  GetRevision: {
    command: () => new GetRevisionCommand({ DataSetId, RevisionId }),
    inPath: ['awsDataSetId', 'awsRevisionId'],
    inQuery: [],
  },
  ListDataSetRevisions: {
    command: () => new ListDataSetRevisionsCommand({ ...page, DataSetId }),
    inPath: ['awsDataSetId'],
    inQuery: ['limit', 'nextToken'],
  },
  GetAsset: {
    command: () => new GetAssetCommand({ DataSetId, RevisionId, AssetId: placeholders.awsAssetId }),
    inPath: ['awsDataSetId', 'awsRevisionId', 'awsAssetId'],
    inQuery: [],
  },
  ListRevisionAssets: {
    command: () => new ListRevisionAssetsCommand({ ...page, DataSetId, RevisionId }),
    inPath: ['awsDataSetId', 'awsRevisionId'],
    inQuery: ['limit', 'nextToken'],
  },
};
