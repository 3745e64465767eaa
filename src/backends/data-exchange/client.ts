/** The client of AWS Data Exchange: the operations on jobs of its API, version 2017-07-25, and its catalog. */
import { CancelJobCommand, CreateJobCommand, StartJobCommand } from '@aws-sdk/client-dataexchange';
import type { Clock } from '../../base/clock.ts';
import type { DataExchangeJob } from '../../model/data-exchange-job.ts';
import { BackendError } from '../../model/errors.ts';
import type { JobState } from '../../model/job-state.ts';
import type { DataExchangeBackend } from '../backend.ts';
import { type CallTime, callTime } from '../calls/attempt.ts';
import type { CallOptions } from '../calls/call-options.ts';
import type { CredentialsProvider } from '../calls/credentials.ts';
import type { Reply } from '../calls/exchange.ts';
import type { CallObserver, UnknownValue } from '../calls/observer.ts';
import { pause } from '../calls/retry.ts';
import { createSend } from '../calls/send.ts';
import type { Transport } from '../calls/transport.ts';
import type { CatalogBackend } from '../catalog-backend.ts';
import { createCatalogClient } from './catalog/catalog-client.ts';
import { createCodec } from './codec.ts';
import { isAwsId } from './constraints.ts';
import { invalidInput, noSuch } from './errors.ts';
import { jobFromAnswer, jobPageFromAnswer } from './job-answer.ts';
import { outcomeKnown, settled } from './outcome.ts';
import { PageSize } from './page-size.ts';
import type { Read } from './reads.ts';
import { type FieldOf, refusalFrom } from './refusal.ts';
import { createSignedUrlReader } from './signed-url.ts';
import { writeOf } from './signer.ts';
import type { SdkOptions, WriteCommand } from './unsent-request.ts';
import { checkedJobType, checkListRequest } from './validate.ts';
import { YoungJobs } from './young-jobs.ts';

export interface DataExchangeClientOptions extends SdkOptions {
  readonly transport: Transport;
  readonly credentials: CredentialsProvider;
  /** For signatures, timeouts and the jitter of retries. */
  readonly clock: Clock;
  /** For one request, from the credentials to the last byte of the reply. 3,000 where absent. */
  readonly attemptTimeoutMs?: number;
  readonly observer?: CallObserver;
}

/** The client waits this long before it reads a job again that the service does not have yet. */
const notYetMs = 500;

interface StateChange {
  readonly command: (awsJobId: string) => WriteCommand;
  /** The states in which the change has its effect. */
  readonly wanted: readonly JobState[];
}

export interface DataExchangeClient extends DataExchangeBackend {
  readonly catalog: CatalogBackend;
}

/**
 * A client of the service in one region. It retries reads, and sends a start, a cancel or a create once. Its catalog
 * shares the breakers and limits with the jobs.
 */
export function createDataExchangeClient(options: DataExchangeClientOptions): DataExchangeClient {
  const { endpoint, clock, observer } = options;
  const service = 'DATA_EXCHANGE';
  const send = createSend({ ...options, service, codec: createCodec(options) });
  const pageSize = new PageSize(clock);
  const readSignedUrl = createSignedUrlReader(endpoint);
  const youngJobs = new YoungJobs(clock);

  const read = (call: Read, time: CallTime) => send(call, time, accepted);
  const write = (command: WriteCommand, time: CallTime, fieldOf: FieldOf) =>
    send(writeOf(command), time, (reply) => accepted(reply, fieldOf));

  const noted = (job: DataExchangeJob): DataExchangeJob => {
    for (const member of ['state', 'type'] as const)
      if (job[member] === 'UNKNOWN') observer?.onUnknownValue?.({ service, member });
    for (const _ of job.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'detail' });
    return job;
  };

  const readJob = async (awsJobId: string, time: CallTime) => {
    const { body } = await read({ operation: 'GetJob', effect: 'read', awsJobId }, time);
    return noted(jobFromAnswer(body, readSignedUrl, awsJobId));
  };

  /** Repeats the read of a young job until the service has it; not for a poll, which the watcher repeats. */
  const getJob = async (awsJobId: string, time: CallTime): Promise<DataExchangeJob> => {
    if (!isAwsId(awsJobId)) throw noSuch('JOB');
    for (;;) {
      try {
        return await readJob(awsJobId, time);
      } catch (error) {
        const isNotYet = error instanceof BackendError && error.code === 'NOT_FOUND' && youngJobs.has(awsJobId);
        const isInTime = clock.monotonicMs() + notYetMs < time.endsAt;
        if (!isNotYet || !isInTime || time.purpose === 'poll' || time.signal.aborted) throw error;
        await pause(notYetMs, time.signal, clock);
      }
    }
  };

  const changeState = async (awsJobId: string, callOptions: CallOptions, change: StateChange) => {
    if (!isAwsId(awsJobId)) throw invalidInput(['id'], 'expected the id of an AWS Data Exchange job');
    const time = callTime(callOptions, clock);
    await settled({
      write: () => write(change.command(awsJobId), time, () => ['id']),
      read: () => getJob(awsJobId, time),
      wanted: change.wanted,
    });
  };

  const onUnknown = (member: UnknownValue['member']) => observer?.onUnknownValue?.({ service, member });

  const jobs: DataExchangeBackend = {
    getJob: (awsJobId, callOptions) => getJob(awsJobId, callTime(callOptions, clock)),

    async createJob(request, callOptions) {
      const jobType = checkedJobType(request);
      const input = { Details: jobType.requestDetails(request), Type: jobType.type };
      return outcomeKnown('job', async () => {
        const command = new CreateJobCommand(input);
        const { body } = await write(command, callTime(callOptions, clock), jobType.fieldOf(request));
        const job = noted(jobFromAnswer(body, readSignedUrl));
        youngJobs.add(job.awsJobId);
        return job;
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
      const { limit, ...rest } = request;
      const time = callTime(callOptions, clock);
      const { body } = await pageSize.fitting(limit, (fittingLimit) =>
        read({ operation: 'ListJobs', effect: 'read', limit: fittingLimit, ...rest }, time),
      );
      const page = jobPageFromAnswer(body);
      page.jobs.forEach(noted);
      youngJobs.addListed(page.jobs);
      for (const _ of page.unreadable ?? []) observer?.onUnknownValue?.({ service, member: 'entry' });
      return page;
    },
  };

  return { ...jobs, catalog: createCatalogClient({ read, write, clock, jobs, onUnknown }) };
}

function accepted(reply: Reply, fieldOf?: FieldOf): Reply {
  if (reply.status >= 300) throw refusalFrom(reply, fieldOf);
  return reply;
}
