/** The creates of data sets and revisions, which must happen once: each carries a tag with the mark of its create. */
import type { Backends } from '../backends/backend.ts';
import type { DataSet, NewDataSet, NewRevision, Revision } from '../model/catalog.ts';
import type { BackendError } from '../model/errors.ts';
import type { Create } from './create.ts';
import { tagFrom, tagsFrom } from './idempotency-tag.ts';

export function dataSetCreate({ catalog }: Pick<Backends, 'catalog'>, request: NewDataSet): Create<DataSet> {
  return {
    target: 'DATA_SET',
    input: request,
    traceOf: (mark) => ({ service: 'DATA_SET', tag: tagFrom(mark) }),
    // A new data set does nothing; the create itself is the check.
    check: async () => {},
    send: async (mark, signal) => {
      const dataSet = await catalog.createDataSet({ ...request, tags: tagsFrom(mark) }, { signal });
      return { awsId: dataSet.awsDataSetId, result: dataSet };
    },
    isMarkRefusal,
    read: (awsDataSetId, signal) => catalog.getDataSet({ awsDataSetId }, { signal }),
  };
}

export function revisionCreate({ catalog }: Pick<Backends, 'catalog'>, request: NewRevision): Create<Revision> {
  const { dataSetId } = request;
  return {
    target: 'REVISION',
    input: request,
    traceOf: (mark) => ({ service: 'REVISION', dataSetId, tag: tagFrom(mark) }),
    // Nor does a new revision, until it is finalized.
    check: async () => {},
    send: async (mark, signal) => {
      const revision = await catalog.createRevision({ ...request, tags: tagsFrom(mark) }, { signal });
      return { awsId: revision.awsRevisionId, result: revision };
    },
    isMarkRefusal,
    read: (awsRevisionId, signal) => catalog.getRevision({ awsDataSetId: dataSetId, awsRevisionId }, { signal }),
  };
}

/**
 * Whether the tag may be the reason: an account may deny TagResource, or have a policy about tags. No document says which
 * error the service gives then, and its texts are not to be relied on.
 */
function isMarkRefusal({ code, awsCode }: BackendError): boolean {
  if (code === 'INVALID_INPUT') return awsCode !== undefined;
  return code === 'ACCESS_DENIED' || code === 'UPSTREAM_REJECTED';
}
