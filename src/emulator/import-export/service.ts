/** AWS Import/Export, API 2010-06-01: turns a request into a response. */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../answer.ts';
import type { Incoming } from '../incoming.ts';
import type { Service } from '../service.ts';
import { sigV2Fault } from '../sigv2.ts';
import { sigV4Fault } from '../sigv4.ts';
import { ImportExportError, scriptedError, signatureError } from './errors.ts';
import type { Jobs } from './jobs.ts';
import * as operations from './operations.ts';
import { reply } from './xml.ts';

export interface ImportExportOptions {
  readonly jobs: Jobs;
  readonly now: () => number;
  readonly wallClock: () => number;
  readonly stepMs: number;
  /** Whether the list contains the job yet. */
  readonly isListed: (jobId: string) => boolean;
}

const handlers = new Map<string, (call: operations.Call) => string[]>(
  Object.entries({
    CreateJob: operations.createJob,
    UpdateJob: operations.updateJob,
    CancelJob: operations.cancelJob,
    GetStatus: operations.getStatus,
    GetShippingLabel: operations.getShippingLabel,
    ListJobs: operations.listJobs,
  }),
);

export function createImportExport(options: ImportExportOptions): Service {
  return {
    operations: [...handlers.keys()].map(qualified),
    operationOf: (incoming) => {
      const action = actionOf(incoming);
      return handlers.has(action) ? qualified(action) : undefined;
    },
    answer: (incoming) => answer(incoming, options),
    errorAnswer: (status, awsCode) => errorAnswer(scriptedError(status, awsCode), randomUUID()),
  };
}

function qualified(action: string): string {
  return `ImportExport.${action}`;
}

/** Most clients name the operation in the body; those built from the service's model also do so in the query string. */
function actionOf(incoming: Incoming): string {
  return parametersOf(incoming).get('Action') ?? incoming.url.searchParams.get('Operation') ?? '';
}

function parametersOf({ body }: Incoming): URLSearchParams {
  return new URLSearchParams(Buffer.from(body).toString());
}

function answer(incoming: Incoming, options: ImportExportOptions): Answer {
  const requestId = randomUUID();
  try {
    checkSignature(incoming, options.wallClock());
    return perform(incoming, options, requestId);
  } catch (error) {
    if (error instanceof ImportExportError) return errorAnswer(error, requestId);
    throw error;
  }
}

function perform(incoming: Incoming, options: ImportExportOptions, requestId: string): Answer {
  const action = actionOf(incoming);
  const handler = handlers.get(action);
  if (handler === undefined) throw new ImportExportError('InvalidAction', `There is no operation ${action}`);
  const members = handler({ ...options, parameters: parametersOf(incoming), now: options.now() });
  return withRequestId(
    { status: 200, headers: { 'content-type': 'text/xml' }, body: reply(action, requestId, ...members) },
    requestId,
  );
}

/**
 * Signature version 2 or 4, the latter for the service name of current clients or of older SDKs. Temporary credentials
 * did not work with the live service, according to AWS's own test notes; the error is unknown.
 */
function checkSignature(incoming: Incoming, now: number): void {
  const parameters = parametersOf(incoming);
  const isVersion2 = parameters.has('AWSAccessKeyId') && !incoming.headers.has('authorization');
  const fault = isVersion2
    ? sigV2Fault(incoming, parameters, now)
    : sigV4Fault(incoming, ['IngestionService', 'importexport'], now);
  if (fault !== undefined) throw signatureError(fault);
  if (parameters.has('SecurityToken') || incoming.headers.has('x-amz-security-token')) {
    throw new ImportExportError('InvalidClientTokenIdException', 'Session tokens are not accepted.', 403);
  }
}

function errorAnswer(error: ImportExportError, requestId: string): Answer {
  return withRequestId(error.answer(requestId), requestId);
}

function withRequestId(answer: Answer, requestId: string): Answer {
  return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } };
}
