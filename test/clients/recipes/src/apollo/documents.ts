import { gql, type TypedDocumentNode } from '@apollo/client';
import type { CreatedImport } from '../import-form';

export interface Job {
  __typename: 'DataExchangeJob' | 'ImportExportJob';
  id: string;
  awsJobId: string;
  state: string;
  createdAt: string;
}

export interface JobsPage {
  jobs: {
    activityCursor: string | null;
    edges: { cursor: string; node: Job | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    unavailableServices: { service: string; message: string }[];
  };
}

const row = gql`
  fragment JobRow on Job {
    id
    awsJobId
    state
    createdAt
  }
`;

export const jobsDocument: TypedDocumentNode<JobsPage, { first: number; after?: string | null }> = gql`
  query Jobs($first: Int!, $after: String) {
    jobs(first: $first, after: $after) {
      activityCursor
      edges {
        cursor
        node {
          ...JobRow
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      unavailableServices {
        service
        message
      }
    }
  }
  ${row}
`;

export type JobEvent =
  | { __typename: 'JobStateChange'; job: Job }
  | { __typename: 'JobGone'; id: string; service: 'DATA_EXCHANGE' | 'IMPORT_EXPORT' }
  | { __typename: 'JobEventsMissed' | 'JobsStale' | 'JobsFresh' };

export const activityDocument: TypedDocumentNode<{ jobActivity: JobEvent }, { after: string | null }> = gql`
  subscription Activity($after: String) {
    jobActivity(after: $after) {
      cursor
      ... on JobStateChange {
        job {
          ...JobRow
        }
      }
      ... on JobGone {
        id
        service
      }
      ... on JobsStale {
        service
        ids
      }
      ... on JobsFresh {
        service
        ids
      }
    }
  }
  ${row}
`;

export const createImportDocument: TypedDocumentNode<
  { createDataExchangeJob: CreatedImport | null },
  { input: object }
> = gql`
  mutation CreateImport($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) {
      job {
        id
        awsJobId
      }
      userErrors {
        field
        code
        message
      }
    }
  }
`;
