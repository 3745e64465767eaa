/** How AWS Data Exchange is asked about jobs: five operations of its API, version 2017-07-25. */
import {
  CancelJobCommand,
  CreateJobCommand,
  GetJobCommand,
  ListJobsCommand,
  StartJobCommand,
} from '@aws-sdk/client-dataexchange';
import type { JobState } from '../../job.ts';
import type { CallOptions, DataExchangeBackend } from '../backend.ts';
import type { Transport } from '../transport.ts';
import { invalidInput, noSuchJob } from './errors.ts';
import { createExchange, type Reply } from './exchange.ts';
import { jobFromAnswer, jobPageFromAnswer } from './job-answer.ts';
import { outcomeKnown, settled } from './outcome.ts';
import { type FieldOf, refusalFrom } from './refusal.ts';
import { requestDetailsFrom, typesByBranch } from './request-details.ts';
import { fieldOfResource } from './resource-field.ts';
import { createSignedUrlReader } from './signed-url.ts';
import { createSigner, type JobCommand, type SignerOptions } from './signer.ts';
import { checkedBranch, checkListRequest, isJobId } from './validate.ts';

export interface DataExchangeClientOptions extends SignerOptions {
  readonly transport: Transport;
  /** How long one request may take, its credentials and the whole answer included. 3,000 where absent. */
  readonly attemptTimeoutMs?: number;
}

interface StateChange {
  readonly command: (awsJobId: string) => JobCommand;
  /** The states in which what is asked for is so. */
  readonly wanted: readonly JobState[];
}

/** A client of the service in one region, with one set of credentials. Every request goes out at most once. */
export function createDataExchangeClient(options: DataExchangeClientOptions): DataExchangeBackend {
  const { transport, attemptTimeoutMs = 3_000, ...signing } = options;
  const exchange = createExchange({ sign: createSigner(signing), transport, attemptTimeoutMs });
  const readSignedUrl = createSignedUrlReader(options.endpoint);

  const read = async (command: JobCommand, callOptions: CallOptions) =>
    accepted(await exchange(command, 'read', callOptions));
  const write = async (command: JobCommand, callOptions: CallOptions, fieldOf: FieldOf) =>
    accepted(await exchange(command, 'write', callOptions), fieldOf);

  const getJob: DataExchangeBackend['getJob'] = async (awsJobId, callOptions) => {
    if (!isJobId(awsJobId)) throw noSuchJob();
    const { body } = await read(new GetJobCommand({ JobId: awsJobId }), callOptions);
    return jobFromAnswer(body, readSignedUrl, awsJobId);
  };

  const changeState = async (awsJobId: string, callOptions: CallOptions, change: StateChange) => {
    if (!isJobId(awsJobId)) throw invalidInput(['id'], 'expected the id of an AWS Data Exchange job');
    await settled({
      write: () => write(change.command(awsJobId), callOptions, () => ['id']),
      read: () => getJob(awsJobId, callOptions),
      wanted: change.wanted,
    });
  };

  return {
    getJob,

    async createJob(request, callOptions) {
      const branch = checkedBranch(request);
      const input = { Details: requestDetailsFrom(request), Type: typesByBranch[branch] };
      return outcomeKnown(async () => {
        const fieldOf = fieldOfResource(request, branch);
        const { body } = await write(new CreateJobCommand(input), callOptions, fieldOf);
        return jobFromAnswer(body, readSignedUrl);
      });
    },

    startJob: (awsJobId, callOptions) =>
      changeState(awsJobId, callOptions, {
        command: (id) => new StartJobCommand({ JobId: id }),
        wanted: ['IN_PROGRESS', 'COMPLETED'],
      }),

    cancelJob: (awsJobId, callOptions) =>
      changeState(awsJobId, callOptions, {
        command: (id) => new CancelJobCommand({ JobId: id }),
        wanted: ['CANCELLED'],
      }),

    async listJobs(request, callOptions) {
      checkListRequest(request);
      const { limit, nextToken, dataSetId } = request;
      const input = { MaxResults: limit, NextToken: nextToken, DataSetId: dataSetId };
      const { body } = await read(new ListJobsCommand(input), callOptions);
      return jobPageFromAnswer(body);
    },
  };
}

function accepted(reply: Reply, fieldOf?: FieldOf): Reply {
  if (reply.status >= 300) throw refusalFrom(reply, fieldOf);
  return reply;
}
