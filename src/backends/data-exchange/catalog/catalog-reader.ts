/** The reads of data sets, revisions and assets: six operations of the API, version 2017-07-25. */
import type { Clock } from '../../../base/clock.ts';
import type { DataSetRef, RevisionRef } from '../../../model/catalog.ts';
import { type CallTime, callTime } from '../../calls/attempt.ts';
import type { CallOptions } from '../../calls/call-options.ts';
import type { Reply } from '../../calls/exchange.ts';
import type { CatalogPageRequest, CatalogReader, CatalogTags } from '../../catalog-backend.ts';
import { isAwsId } from '../constraints.ts';
import { noSuch, type ResourceType } from '../errors.ts';
import { PageSize } from '../page-size.ts';
import type { Read } from '../reads.ts';
import { checkListRequest } from '../validate.ts';
import type { AnswerReader } from './catalog-answer.ts';

export interface CatalogReaderOptions {
  /** Sends a read, and retries it. Throws the refusal in its reply. */
  readonly read: (call: Read, time: CallTime) => Promise<Reply>;
  readonly clock: Clock;
  readonly answers: AnswerReader;
}

interface Page {
  readonly limit: number;
  readonly nextToken: string | undefined;
}

export function createCatalogReader({ read, clock, answers }: CatalogReaderOptions): CatalogReader & CatalogTags {
  // A comment may have 16,384 characters, so a page of revisions may be too large where one of assets is not.
  const pageSizes = { dataSets: new PageSize(clock), revisions: new PageSize(clock), assets: new PageSize(clock) };

  const bodyOf = async (call: Read, options: CallOptions): Promise<Uint8Array> =>
    (await read(call, callTime(options, clock))).body;

  const pageBody = async (
    pageSize: PageSize,
    { limit, nextToken }: CatalogPageRequest,
    options: CallOptions,
    callFor: (page: Page) => Read,
  ): Promise<Uint8Array> => {
    checkListRequest({ limit, ...(nextToken !== undefined && { nextToken }) });
    const time = callTime(options, clock);
    const reply = await pageSize.fitting(limit, (fitting) => read(callFor({ limit: fitting, nextToken }), time));
    return reply.body;
  };

  const dataSetBody = (ref: DataSetRef, options: CallOptions) =>
    bodyOf({ operation: 'GetDataSet', effect: 'read', ...ref }, options);
  const revisionBody = (ref: RevisionRef, options: CallOptions) =>
    bodyOf({ operation: 'GetRevision', effect: 'read', ...ref }, options);

  return {
    async getDataSet({ awsDataSetId }, options) {
      const ref = checkedRef('DATA_SET', { awsDataSetId });
      return answers.dataSet(await dataSetBody(ref, options), ref);
    },

    async getDataSetTags({ awsDataSetId }, options) {
      return answers.tags(await dataSetBody(checkedRef('DATA_SET', { awsDataSetId }), options));
    },

    async listDataSets({ origin, ...request }, options) {
      const callFor = (page: Page): Read => ({ operation: 'ListDataSets', effect: 'read', origin, ...page });
      return answers.dataSets(await pageBody(pageSizes.dataSets, request, options, callFor));
    },

    async getRevision({ awsDataSetId, awsRevisionId }, options) {
      const ref = checkedRef('REVISION', { awsDataSetId, awsRevisionId });
      return answers.revision(await revisionBody(ref, options), ref);
    },

    async getRevisionTags({ awsDataSetId, awsRevisionId }, options) {
      return answers.tags(await revisionBody(checkedRef('REVISION', { awsDataSetId, awsRevisionId }), options));
    },

    async listRevisions({ awsDataSetId, ...request }, options) {
      const of = checkedRef('DATA_SET', { awsDataSetId });
      const callFor = (page: Page): Read => ({ operation: 'ListDataSetRevisions', effect: 'read', ...of, ...page });
      return answers.revisions(await pageBody(pageSizes.revisions, request, options, callFor), of);
    },

    async getAsset({ awsDataSetId, awsRevisionId, awsAssetId }, options) {
      const ref = checkedRef('ASSET', { awsDataSetId, awsRevisionId, awsAssetId });
      return answers.asset(await bodyOf({ operation: 'GetAsset', effect: 'read', ...ref }, options), ref);
    },

    async listAssets({ awsDataSetId, awsRevisionId, ...request }, options) {
      const of = checkedRef('REVISION', { awsDataSetId, awsRevisionId });
      const callFor = (page: Page): Read => ({ operation: 'ListRevisionAssets', effect: 'read', ...of, ...page });
      return answers.assets(await pageBody(pageSizes.assets, request, options, callFor), of);
    },
  };
}

/** Throws NOT_FOUND for ids that the service cannot have made, so that they cost no call. */
function checkedRef<Ref extends DataSetRef>(type: ResourceType, ref: Ref): Ref {
  if (!Object.values(ref).every((id) => typeof id === 'string' && isAwsId(id))) throw noSuch(type);
  return ref;
}
