/** AWS Data Exchange, API 2017-07-25: turns a request into a response. */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../answer.ts';
import type { Incoming } from '../incoming.ts';
import type { Service } from '../service.ts';
import { sigV4Fault } from '../sigv4.ts';
import type { Call } from './call.ts';
import * as catalogOperations from './catalog-operations.ts';
import { DataExchangeError, scriptedError, signatureError } from './errors.ts';
import * as jobOperations from './job-operations.ts';
import { type Operation, operations, routeOf } from './routes.ts';
import * as tagOperations from './tag-operations.ts';

export type Stores = jobOperations.JobStores & catalogOperations.CatalogStores;

export interface DataExchangeOptions extends Stores {
  readonly now: () => number;
  readonly wallClock: () => number;
}

const handlers: Readonly<Record<Operation, (call: Call, stores: Stores) => Answer>> = {
  CreateJob: jobOperations.createJob,
  ListJobs: jobOperations.listJobs,
  GetJob: jobOperations.getJob,
  StartJob: jobOperations.startJob,
  CancelJob: jobOperations.cancelJob,
  ListDataSets: catalogOperations.listDataSets,
  CreateDataSet: catalogOperations.createDataSet,
  GetDataSet: catalogOperations.getDataSet,
  UpdateDataSet: catalogOperations.updateDataSet,
  ListDataSetRevisions: catalogOperations.listDataSetRevisions,
  CreateRevision: catalogOperations.createRevision,
  GetRevision: catalogOperations.getRevision,
  UpdateRevision: catalogOperations.updateRevision,
  ListRevisionAssets: catalogOperations.listRevisionAssets,
  GetAsset: catalogOperations.getAsset,
  ListTagsForResource: tagOperations.listTagsForResource,
  TagResource: tagOperations.tagResource,
  UntagResource: tagOperations.untagResource,
};

export function createDataExchange(options: DataExchangeOptions): Service {
  return {
    operations: operations.map(qualified),
    operationOf: ({ method, url }) => {
      const route = routeOf(method, url.pathname);
      return route && qualified(route.operation);
    },
    answer: (incoming) => withRequestId(answer(incoming, options)),
    errorAnswer: (status, awsCode) => withRequestId(scriptedError(status, awsCode).answer()),
  };
}

function qualified(operation: Operation): string {
  return `DataExchange.${operation}`;
}

function answer(incoming: Incoming, options: DataExchangeOptions): Answer {
  try {
    return perform(incoming, options);
  } catch (error) {
    if (error instanceof DataExchangeError) return error.answer();
    throw error;
  }
}

function perform(incoming: Incoming, options: DataExchangeOptions): Answer {
  const { method, url, body } = incoming;
  const route = routeOf(method, url.pathname);
  if (route === undefined) throw new DataExchangeError(404, 'UnknownOperationException', 'There is no such operation.');
  const fault = sigV4Fault(incoming, ['dataexchange'], options.wallClock());
  if (fault !== undefined) throw signatureError(fault);
  const at = options.now();
  options.jobs.settle(at);
  const call = { path: url.pathname, labels: route.labels, query: url.searchParams, body, at };
  return handlers[route.operation](call, options);
}

function withRequestId(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': randomUUID() } };
}
