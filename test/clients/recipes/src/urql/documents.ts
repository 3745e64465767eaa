import { gql } from 'urql';
import type { CreatedImport } from '../import-form';

export const first = 20;

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
    nodes: (Job | null)[];
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

export const jobsDocument = gql<JobsPage, { first: number; after?: string | null }>`
  query Jobs($first: Int!, $after: String) {
    jobs(first: $first, after: $after) {
      activityCursor
      nodes {
        ...JobRow
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
  | { __typename: 'JobGone'; id: string }
  | { __typename: 'JobEventsMissed' | 'JobsStale' | 'JobsFresh' };

export const activityDocument = gql<{ jobActivity: JobEvent }, { after: string | null }>`
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

export const createImportDocument = gql<{ createDataExchangeJob: CreatedImport | null }, { input: object }>`
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
