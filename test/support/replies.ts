/** Complete, valid replies of both services, which a case changes, and expectations about the gateway's result. */
import { expect } from 'vitest';
import { demo } from '../../src/emulator/demo.ts';
import { type Answer, field, startGateway, type TestGateway } from './gateway.ts';

/** Contained in every body that the gateway must not show. */
export const planted = 'planted-7f3a9c';

export function listJobsReply(jobs: string, isTruncated = false): string {
  return `<ListJobsResponse xmlns="http://importexport.amazonaws.com/"><ListJobsResult><Jobs>${jobs}</Jobs><IsTruncated>${isTruncated}</IsTruncated></ListJobsResult></ListJobsResponse>`;
}

export function listedJob(awsJobId: string, isCanceled = false): string {
  return `<member><JobId>${awsJobId}</JobId><CreationDate>2026-01-01T00:00:00Z</CreationDate><IsCanceled>${isCanceled}</IsCanceled><JobType>Import</JobType></member>`;
}

export function statusReply(awsJobId: string, progressCode = 'Pending', more = ''): string {
  return `<GetStatusResponse><GetStatusResult><JobId>${awsJobId}</JobId><JobType>Import</JobType><CreationDate>2026-01-01T00:00:00Z</CreationDate><LocationCode>NotReceived</LocationCode><ProgressCode>${progressCode}</ProgressCode>${more}</GetStatusResult></GetStatusResponse>`;
}

/** A job in the form of GetJob. */
export function jobAnswer(awsJobId: string, changes: Readonly<Record<string, unknown>> = {}) {
  const sources = [{ Bucket: demo.bucket, Key: 'a.csv' }];
  return {
    Arn: `arn:aws:dataexchange:us-east-1:123456789012:jobs/${awsJobId}`,
    CreatedAt: '2026-01-01T00:00:00.000Z',
    Details: {
      ImportAssetsFromS3: { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetSources: sources },
    },
    Id: awsJobId,
    State: 'WAITING',
    Type: 'IMPORT_ASSETS_FROM_S3',
    UpdatedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
}

type Service = 'DATA_EXCHANGE' | 'IMPORT_EXPORT';

const board = '{ jobs(first: 4) { nodes { service } unavailableServices { service code } } }';

/**
 * Expects the list of jobs without `service`, which is named with `code`, with the other service's jobs, and without
 * the text of the reply.
 */
export async function expectOtherHalfIntact(gateway: TestGateway, service: Service, code: string): Promise<void> {
  const answer = await gateway.ask(board);
  const other = service === 'DATA_EXCHANGE' ? 'IMPORT_EXPORT' : 'DATA_EXCHANGE';
  expect(answer).toEqual({
    data: { jobs: { nodes: Array(4).fill({ service: other }), unavailableServices: [{ service, code }] } },
  });
  expectNothingLeaked(gateway, answer);
}

/** Expects one of two jobs by id to be null with one clear error. */
export async function expectOnePlaceEmpty(gateway: TestGateway, ids: readonly string[], code: string): Promise<void> {
  const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  const answer = await gateway.ask(query, { ids });
  const [, intact] = ids;
  expect(field(answer.data, 'nodes')).toEqual([null, { id: intact }]);
  expect(answer.errors).toMatchObject([{ path: ['nodes', 0], extensions: { code } }]);
  expectNothingLeaked(gateway, answer);
}

export function expectNothingLeaked({ complaints }: TestGateway, answer: Answer): void {
  expect(JSON.stringify(answer)).not.toContain(planted);
  expect(complaints).toEqual([]);
}

/** The answer to an operation that must cause neither calls nor unexpected errors. */
export async function answerWithoutCalls(query: string, variables: Record<string, unknown>): Promise<Answer> {
  const { ask, emulator, complaints } = await startGateway();
  await emulator.forgetRequests();
  const answer = await ask(query, variables);
  expect(await emulator.requests()).toEqual({});
  expect(complaints).toEqual([]);
  return answer;
}
