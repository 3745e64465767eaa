/** The operations of `docs/operations`, with variables for the demo jobs of the emulator. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, type OperationTypeNode, parse, print } from 'graphql';
import { demo } from '../../src/emulator/demo.ts';
import { globalId } from './examples.ts';

export interface ReadyOperation {
  readonly name: string;
  readonly kind: OperationTypeNode;
  readonly text: string;
}

const folder = join(import.meta.dirname, '..', '..', 'docs', 'operations');

export const readyOperations: readonly ReadyOperation[] = readdirSync(folder).map((file) => {
  const [node] = parse(readFileSync(join(folder, file), 'utf8')).definitions;
  if (node?.kind !== Kind.OPERATION_DEFINITION || node.name === undefined)
    throw new Error(`${file}: expected a named operation first`);
  return { name: node.name.value, kind: node.operation, text: print(node) };
});

const { dataSetId, revisionId } = demo;

/** For the queries, and for some operations of other kinds. */
export const variablesOf: Readonly<Record<string, Record<string, unknown>>> = {
  JobByAwsId: { service: 'DATA_EXCHANGE', awsJobId: demo.waitingJobId },
  JobsByType: { types: ['IMPORT_ASSETS_FROM_S3'] },
  FailedJobs: { since: '2026-01-24T00:00:00Z' },
  JobsOfRevision: { dataSetId, revisionId },
  JobsWithNames: {},
  RunningJobs: {},
  PickDataSet: {},
  PickAsset: { revisionId: globalId('Revision', `${dataSetId}:${revisionId}`) },
  DownloadExport: { id: globalId('DataExchangeJob', demo.waitingJobId) },
  CancelMany: { ids: ['x'] },
  NewRevision: { dataSetId, idempotencyKey: 'revision-of-a-tool' },
  WatchImport: { id: globalId('DataExchangeJob', demo.waitingJobId) },
};
