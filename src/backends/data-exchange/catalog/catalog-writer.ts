/** The writes of data sets and revisions: three operations of the API, version 2017-07-25. Each is sent once. */
import { CreateDataSetCommand, CreateRevisionCommand } from '@aws-sdk/client-dataexchange';
import type { Clock } from '../../../base/clock.ts';
import type { NewDataSet, NewRevision } from '../../../model/catalog.ts';
import type { DataExchangeBackend } from '../../backend.ts';
import { type CallTime, callTime } from '../../calls/attempt.ts';
import type { Reply } from '../../calls/exchange.ts';
import type { CatalogReader, CatalogWriter, Tagged, Tags } from '../../catalog-backend.ts';
import { assertFaultless } from '../errors.ts';
import { outcomeKnown } from '../outcome.ts';
import type { FieldOf } from '../refusal.ts';
import type { WriteCommand } from '../unsent-request.ts';
import type { AnswerReader } from './catalog-answer.ts';
import { assetTypeOf, faultsInDataSet, faultsInRevision } from './catalog-checks.ts';
import { finalizeRevision } from './finalize-revision.ts';

export interface CatalogWriterOptions {
  /** Sends a command once. Throws the refusal in its reply. */
  readonly write: (command: WriteCommand, time: CallTime, fieldOf: FieldOf) => Promise<Reply>;
  readonly clock: Clock;
  readonly answers: AnswerReader;
  readonly reader: CatalogReader;
  readonly jobs: Pick<DataExchangeBackend, 'getJob' | 'listJobs'>;
}

const noField: FieldOf = () => undefined;

export function createCatalogWriter({ write, clock, answers, reader, jobs }: CatalogWriterOptions): CatalogWriter {
  return {
    async createDataSet(request, options) {
      assertFaultless(faultsInDataSet(request));
      const command = new CreateDataSetCommand(dataSetInput(request));
      return outcomeKnown('data set', async () =>
        answers.dataSet((await write(command, callTime(options, clock), noField)).body),
      );
    },

    async createRevision(request, options) {
      assertFaultless(faultsInRevision(request));
      const command = new CreateRevisionCommand(revisionInput(request));
      return outcomeKnown('revision', async () => {
        const { body } = await write(command, callTime(options, clock), () => ['dataSetId']);
        return answers.revision(body, { awsDataSetId: request.dataSetId });
      });
    },

    finalizeRevision: (revision, isForced, call) =>
      finalizeRevision({
        revision,
        isForced,
        reader,
        jobs,
        call,
        write: async (command) =>
          answers.revision((await write(command, callTime(call, clock), () => ['id'])).body, revision),
      }),
  };
}

function dataSetInput(request: Tagged<NewDataSet>) {
  const { name, description, tags } = request;
  return { AssetType: assetTypeOf(request), Description: description, Name: name, ...tagInput(tags) };
}

function revisionInput({ dataSetId, comment, tags }: Tagged<NewRevision>) {
  return { DataSetId: dataSetId, ...(comment != null && { Comment: comment }), ...tagInput(tags) };
}

/** Left out where there are none: an account may allow no tags. */
function tagInput(tags: Tags = {}) {
  return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
}
