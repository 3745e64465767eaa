import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import type { Backends } from '../../../src/backends/backend.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { DataSet } from '../../../src/model/catalog.ts';
import type { DataExchangeJob, DataExchangeJobDetails } from '../../../src/model/data-exchange-job.ts';
import { BackendError } from '../../../src/model/errors.ts';
import type { ImportExportStatus } from '../../../src/model/import-export-job.ts';
import { shareReads } from '../../../src/reads/shared-reads.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

interface Call {
  readonly operation: string;
  readonly args: readonly unknown[];
  readonly signal: AbortSignal;
  readonly answer: (value?: unknown) => void;
  readonly fail: (error: Error) => void;
}

/** Shared reads over backends whose calls the test answers. */
function startSharedReads() {
  const clock = new FakeClock();
  const calls: Call[] = [];
  const method =
    (operation: string) =>
    (...parameters: unknown[]): Promise<never> =>
      new Promise((resolve, reject) => {
        const { signal } = parameters.at(-1) as { signal: AbortSignal };
        signal.addEventListener('abort', () => reject(signal.reason));
        const answer = resolve as (value?: unknown) => void;
        calls.push({ operation, args: parameters.slice(0, -1), signal, answer, fail: reject });
      });
  const service = (name: string) => new Proxy({}, { get: (_, operation) => method(`${name}.${String(operation)}`) });
  const backends = {
    dataExchange: service('dataExchange'),
    importExport: service('importExport'),
    catalog: service('catalog'),
  } as Backends;
  const shared = shareReads(backends, clock);
  const made = () => calls.map(({ operation }) => operation);
  const last = (): Call => {
    const call = calls.at(-1);
    if (call === undefined) throw new Error('expected a call upstream, found none');
    return call;
  };
  /** Closes the batch windows. */
  const closeWindows = () => clock.advance(2);
  return { ...shared, size: () => shared.size, clock, made, calls, last, closeWindows };
}

type Shared = ReturnType<typeof startSharedReads>;

const [jobA, jobB] = ['a'.repeat(32), 'b'.repeat(32)] as const;

const nthId = (index: number): string => index.toString(16).padStart(32, '0');

const neverGone = (): { signal: AbortSignal } => ({ signal: new AbortController().signal });

/** The job, or the error instead of it. */
async function readOne({ readDataExchangeJobs }: Shared, id: string, options = neverGone()) {
  return (await readDataExchangeJobs([id], options)).get(id);
}

const url = { url: new Secret('https://bucket.s3.amazonaws.com/key'), expiresAt: new Date(0) };
const details = { type: 'EXPORT_ASSET_TO_SIGNED_URL', awsJobId: jobA, signedUrl: url } as DataExchangeJobDetails;

function job(awsJobId: string, changes: Partial<DataExchangeJob> = {}): DataExchangeJob {
  return { service: 'DATA_EXCHANGE', awsJobId, state: 'WAITING', details: null, ...changes } as DataExchangeJob;
}

const unavailable = () =>
  new BackendError({ service: 'DATA_EXCHANGE', code: 'UPSTREAM_UNAVAILABLE', message: 'Down.', field: ['id'] });

test('A job that is requested fifty times at once is read once', async () => {
  const shared = startSharedReads();
  const reads = Array.from({ length: 50 }, () => readOne(shared, jobA));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.getJob']);
  shared.last().answer(job(jobA));
  expect(new Set((await Promise.all(reads)).map((read) => JSON.stringify(read)))).toHaveLength(1);
});

test('Two hundred requests for single jobs cost one page of the list', async () => {
  const shared = startSharedReads();
  const ids = Array.from({ length: 200 }, (_, index) => nthId(index));
  const reads = ids.map((id) => readOne(shared, id));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.listJobs']);
  shared.last().answer({ jobs: ids.map((id) => job(id)).toReversed(), nextToken: null });
  expect(await Promise.all(reads)).toEqual(ids.map((id) => job(id)));
});

test('A batch holds no more jobs than a page', async () => {
  const shared = startSharedReads();
  for (let index = 0; index < 401; index += 1) void readOne(shared, nthId(index));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.listJobs', 'dataExchange.listJobs', 'dataExchange.getJob']);
});

test('A batch closes two milliseconds after the last request, and after ten milliseconds at most', async () => {
  const shared = startSharedReads();
  for (let ms = 0; ms < 10; ms += 1) {
    void readOne(shared, nthId(ms));
    expect(shared.made()).toEqual([]);
    await shared.clock.advance(1);
  }
  expect(shared.made()).toEqual(['dataExchange.listJobs']);
});

test('A request for many jobs does not wait for others, and others do not wait for it', async () => {
  const shared = startSharedReads();
  const alone = readOne(shared, jobA);
  const many = Array.from({ length: 9 }, (_, index) => nthId(index));
  void shared.readDataExchangeJobs(many, neverGone());
  await settle();
  expect(shared.made()).toEqual(['dataExchange.listJobs']);
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.listJobs', 'dataExchange.getJob']);
  shared.last().answer(job(jobA));
  expect(await alone).toEqual(job(jobA));
});

function dataSet(awsDataSetId: string): DataSet {
  return { kind: 'DataSet', awsDataSetId, name: `Data set ${awsDataSetId}` } as DataSet;
}

test('Ten requests for the same hundred data sets at once cost one page of their list', async () => {
  const shared = startSharedReads();
  const ids = Array.from({ length: 100 }, (_, index) => nthId(index));
  const reads = Array.from({ length: 10 }, () => shared.catalog.dataSets(ids, neverGone()));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['catalog.listDataSets']);
  expect(shared.last().args).toEqual([{ origin: 'OWNED', limit: 200 }]);
  shared.last().answer({ entries: ids.map(dataSet).toReversed(), nextToken: null });
  const answers = await Promise.all(reads);
  expect(answers.map((answer) => [...answer.values()])).toEqual(Array(10).fill(ids.map(dataSet)));
  expect(shared.made()).toHaveLength(1);
});

test('Requests for different data sets at once share the pages that they read', async () => {
  const shared = startSharedReads();
  const [one, other] = [0, 100].map((from) => Array.from({ length: 50 }, (_, index) => nthId(from + index)));
  const reads = [one, other].map((ids = []) => shared.catalog.dataSets(ids, neverGone()));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['catalog.listDataSets']);
  const entries = [...(one ?? []), ...(other ?? [])].map(dataSet);
  shared.last().answer({ entries, nextToken: null });
  expect((await Promise.all(reads)).map((answer) => answer.size)).toEqual([50, 50]);
  expect(shared.made()).toHaveLength(1);
});

test('Single data sets that several requests read at once are read by one call each', async () => {
  const shared = startSharedReads();
  const reads = [jobA, jobA, jobB].map((id) => shared.catalog.dataSets([id], neverGone()));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['catalog.getDataSet', 'catalog.getDataSet']);
  for (const { args, answer } of shared.calls) answer(dataSet((args[0] as DataSet).awsDataSetId));
  expect((await Promise.all(reads)).map((answer) => [...answer.keys()])).toEqual([[jobA], [jobA], [jobB]]);
});

test('A read of a revision that began before it was finalized is not joined by requests after that', async () => {
  const shared = startSharedReads();
  const ref = { awsDataSetId: jobA, awsRevisionId: jobB };
  const key = `${jobA}/${jobB}`;
  void shared.catalog.revisions([key], neverGone());
  await shared.closeWindows();
  const finalized = shared.backends.catalog.finalizeRevision(ref, false, neverGone());
  shared.last().answer({});
  await finalized;
  void shared.catalog.revisions([key], neverGone());
  await shared.closeWindows();
  expect(shared.made()).toEqual(['catalog.getRevision', 'catalog.finalizeRevision', 'catalog.getRevision']);
});

test('A page of a list that began before a data set was created is not joined by requests after that', async () => {
  const shared = startSharedReads();
  const list = () => shared.backends.catalog.listDataSets({ origin: 'OWNED', limit: 7 }, neverGone());
  void list();
  await shared.closeWindows();
  const request = { assetType: 'S3_SNAPSHOT', name: 'a', description: 'b' } as const;
  const created = shared.backends.catalog.createDataSet(request, neverGone());
  shared.last().answer({});
  await created;
  void list();
  await shared.closeWindows();
  expect(shared.made()).toEqual(['catalog.listDataSets', 'catalog.createDataSet', 'catalog.listDataSets']);
});

/** Every kind of shared read; a read of one job is of `jobA`. */
const reads: Record<string, (shared: Shared, options: { signal: AbortSignal }) => Promise<unknown>> = {
  'a Data Exchange job': (shared, options) => readOne(shared, jobA, options),
  'a page of Data Exchange jobs': ({ backends }, options) => backends.dataExchange.listJobs({ limit: 7 }, options),
  'an Import/Export status': ({ backends }, options) => backends.importExport.getStatus(jobA, options),
  'a page of Import/Export jobs': ({ backends }, options) => backends.importExport.listJobs({ limit: 7 }, options),
};

const answers: Record<string, unknown> = {
  'a Data Exchange job': job(jobA),
  'a page of Data Exchange jobs': { jobs: [], nextToken: null },
  'an Import/Export status': { awsJobId: jobA } as ImportExportStatus,
  'a page of Import/Export jobs': { jobs: [], nextMarker: null },
};

testEachRead(
  'Concurrent requests for %s make one upstream call, and a later request makes another',
  async (shared, read, answer) => {
    const first = [read(shared, neverGone()), read(shared, neverGone())];
    await shared.closeWindows();
    first.push(read(shared, neverGone()));
    await shared.closeWindows();
    expect(shared.made()).toHaveLength(1);
    shared.last().answer(answer);
    expect(await Promise.all(first)).toEqual([answer, answer, answer]);
    void read(shared, neverGone());
    await shared.closeWindows();
    expect(shared.made()).toHaveLength(2);
  },
);

testEachRead('A read of %s can be joined for a tenth of a second, and not later', async (shared, read) => {
  void read(shared, neverGone());
  await shared.clock.advance(100);
  void read(shared, neverGone());
  await shared.closeWindows();
  expect(shared.made()).toHaveLength(1);
  void read(shared, neverGone());
  await shared.closeWindows();
  expect(shared.made()).toHaveLength(2);
});

testEachRead(
  'A failure to read %s reaches all waiting callers as a frozen error, and is not kept',
  async (shared, read) => {
    const failed = [read(shared, neverGone()), read(shared, neverGone())].map((waiting) => waiting.catch((e) => e));
    await shared.closeWindows();
    shared.last().fail(unavailable());
    for (const error of (await Promise.all(failed)) as BackendError[]) {
      expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', message: 'Down.' });
      expect(() => Object.assign(error, { message: 'changed' })).toThrow(TypeError);
      expect(() => (error.field as string[]).push('changed')).toThrow(TypeError);
    }
    void read(shared, neverGone());
    await shared.closeWindows();
    expect(shared.made()).toHaveLength(2);
  },
);

testEachRead(
  'The call for %s continues when one of its callers leaves, and ends when all have left',
  async (shared, read, answer) => {
    const [first, second, third, fourth] = Array.from({ length: 4 }, () => new AbortController());
    if (!first || !second || !third || !fourth) throw new Error('expected four callers');
    const leaving = read(shared, first).catch((e) => e);
    const staying = read(shared, second);
    await shared.closeWindows();
    first.abort();
    expect(await leaving).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(shared.last().signal.aborted).toBe(false);
    shared.last().answer(answer);
    expect(await staying).toEqual(answer);

    const both = [third, fourth].map((caller) => read(shared, caller).catch((e) => e));
    await shared.closeWindows();
    third.abort();
    await settle();
    expect(shared.last().signal.aborted).toBe(false);
    fourth.abort();
    await Promise.all(both);
    expect(shared.last().signal.aborted).toBe(true);
    void read(shared, neverGone());
    await shared.closeWindows();
    expect(shared.made()).toHaveLength(3);
  },
);

testEachRead('A read of %s whose caller leaves before the batch closes makes no call', async (shared, read) => {
  const caller = new AbortController();
  const leaving = read(shared, caller).catch((e) => e);
  caller.abort();
  expect(await leaving).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  await settle();
  expect([shared.size(), shared.clock.pendingTimers]).toEqual([0, 0]);
  await shared.clock.advance(20);
  expect(shared.made()).toEqual([]);
});

testEachRead('A caller who has already left makes no call for %s', async (shared, read) => {
  const gone = { signal: AbortSignal.abort() };
  await expect(read(shared, gone)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
  await shared.clock.advance(20);
  expect([shared.made(), shared.size()]).toEqual([[], 0]);
});

testEachRead('A call for %s that is never answered ends after 15 seconds', async (shared, read) => {
  const waiting = read(shared, neverGone()).catch((e) => e);
  await shared.clock.advance(14_999);
  expect(shared.last().signal.aborted).toBe(false);
  await shared.clock.advance(1);
  expect(await waiting).toBeInstanceOf(Error);
  expect([shared.last().signal.aborted, shared.size(), shared.clock.pendingTimers]).toEqual([true, 0, 0]);
});

testEachRead('A thousand requests for %s leave no entry, timer or listener behind', async (shared, read, answer) => {
  const callers = Array.from({ length: 1_000 }, () => new AbortController());
  const waiting = callers.map((caller) => read(shared, caller).catch((e) => e));
  await shared.closeWindows();
  expect([shared.made().length, shared.size()]).toEqual([1, 1]);
  for (const caller of callers.slice(0, 500)) caller.abort();
  shared.last().answer(answer);
  await Promise.all(waiting);
  await settle();
  const listeners = callers.flatMap(({ signal }) => getEventListeners(signal, 'abort'));
  expect([shared.size(), shared.clock.pendingTimers, listeners.length]).toEqual([0, 0, 0]);
});

function testEachRead(
  name: string,
  run: (shared: Shared, read: (typeof reads)[string], answer: unknown) => Promise<void>,
): void {
  test.each(Object.keys(reads))(name, async (what) => {
    const read = reads[what];
    if (read === undefined) throw new Error(`expected a read, found none for ${what}`);
    await run(startSharedReads(), read, answers[what]);
  });
}

const anyRequest = {} as never;

const writes: readonly {
  write: string;
  send: (backends: Backends) => Promise<unknown>;
  changes: readonly string[];
}[] = [
  {
    write: 'a start',
    send: ({ dataExchange }) => dataExchange.startJob(jobA, neverGone()),
    changes: ['a Data Exchange job', 'a page of Data Exchange jobs'],
  },
  {
    write: 'a cancellation',
    send: ({ dataExchange }) => dataExchange.cancelJob(jobA, neverGone()),
    changes: ['a Data Exchange job', 'a page of Data Exchange jobs'],
  },
  {
    write: 'a creation',
    send: ({ dataExchange }) => dataExchange.createJob(anyRequest, neverGone()),
    changes: ['a page of Data Exchange jobs'],
  },
  {
    write: 'an Import/Export update',
    send: ({ importExport }) => importExport.updateJob(jobA, anyRequest, neverGone()),
    changes: ['an Import/Export status', 'a page of Import/Export jobs'],
  },
  {
    write: 'an Import/Export cancellation',
    send: ({ importExport }) => importExport.cancelJob(jobA, neverGone()),
    changes: ['an Import/Export status', 'a page of Import/Export jobs'],
  },
  {
    write: 'an Import/Export creation',
    send: ({ importExport }) => importExport.createJob(anyRequest, neverGone()),
    changes: ['a page of Import/Export jobs'],
  },
];

const changed = writes.flatMap(({ changes, ...write }) => changes.map((what) => ({ ...write, what })));

test.each(changed)('After $write no caller gets $what as it was before', async ({ send, what }) => {
  const shared = startSharedReads();
  const read = reads[what] ?? (() => Promise.reject(new Error(`expected a read of ${what}`)));
  void read(shared, neverGone());
  await shared.closeWindows();
  const writing = send(shared.backends);
  const write = shared.last();
  void read(shared, neverGone());
  await shared.closeWindows();
  expect(shared.made()).toHaveLength(3);
  // The second read began after the write was sent, and the service may have executed it before the write.
  write.answer();
  await writing;
  void read(shared, neverGone());
  await shared.closeWindows();
  expect(shared.made()).toHaveLength(4);
});

test('A write whose outcome is lost counts as a write', async () => {
  const shared = startSharedReads();
  const writing = shared.backends.dataExchange.startJob(jobA, neverGone()).catch((e) => e);
  const write = shared.last();
  void readOne(shared, jobA);
  await shared.closeWindows();
  write.fail(unavailable());
  await writing;
  void readOne(shared, jobA);
  await shared.closeWindows();
  expect(shared.made().filter((operation) => operation === 'dataExchange.getJob')).toHaveLength(2);
});

test('A write does not end the sharing of reads of other jobs', async () => {
  const shared = startSharedReads();
  void readOne(shared, jobB);
  await shared.closeWindows();
  void shared.backends.dataExchange.startJob(jobA, neverGone());
  void readOne(shared, jobB);
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.getJob', 'dataExchange.startJob']);
});

test('An unreadable id fails only for the callers who requested it', async () => {
  const shared = startSharedReads();
  const [good, unknown, malformed] = [jobA, jobB, '../etc'].map((id) => readOne(shared, id));
  await shared.closeWindows();
  expect(shared.calls.map(({ args }) => args)).toEqual([[jobA], [jobB]]);
  shared.calls[0]?.answer(job(jobA));
  shared.calls[1]?.fail(new BackendError({ service: 'DATA_EXCHANGE', code: 'NOT_FOUND', message: 'None.' }));
  expect(await good).toEqual(job(jobA));
  expect(await unknown).toMatchObject({ code: 'NOT_FOUND' });
  expect(await malformed).toMatchObject({ code: 'NOT_FOUND' });
});

test('A signed URL reaches only the caller who added the id; for those who joined it is not read', async () => {
  const shared = startSharedReads();
  const waiting = [readOne(shared, jobA), readOne(shared, jobA)];
  await shared.closeWindows();
  waiting.push(readOne(shared, jobA));
  shared.last().answer(job(jobA, { details }));
  const received = (await Promise.all(waiting)).map((read) => (read instanceof Error ? read : read?.details));
  expect(received).toEqual([details, { ...details, signedUrl: undefined }, { ...details, signedUrl: undefined }]);
  expect(received.map((read) => 'signedUrl' in (read ?? {}))).toEqual([true, false, false]);
});

test('The URL of a job that changes while its batch waits is read for one caller only', async () => {
  const shared = startSharedReads();
  const waiting = [readOne(shared, jobA)];
  const writing = shared.backends.dataExchange.startJob(jobA, neverGone());
  shared.last().answer();
  await writing;
  waiting.push(readOne(shared, jobA));
  await shared.closeWindows();
  expect(shared.made()).toEqual(['dataExchange.startJob', 'dataExchange.getJob']);
  shared.last().answer(job(jobA, { details }));
  const received = (await Promise.all(waiting)).map((read) => read !== undefined && 'details' in read && read.details);
  expect(received.map((read) => typeof read === 'object' && read !== null && 'signedUrl' in read)).toEqual([
    true,
    false,
  ]);
});

test.each<[string, (backends: Backends) => Promise<unknown>]>([
  ['the one job with its signed URL', ({ dataExchange }) => dataExchange.getJob(jobA, neverGone())],
  ['documents', ({ importExport }) => importExport.getDocuments(jobA, neverGone())],
  ['a shipping label', ({ importExport }) => importExport.getShippingLabel(anyRequest, neverGone())],
])('Two callers who request %s make two calls', async (_what, read) => {
  const shared = startSharedReads();
  void read(shared.backends);
  void read(shared.backends);
  await shared.closeWindows();
  expect(shared.made()).toHaveLength(2);
});

test('Pages of different size, position or data set are not shared', async () => {
  const { backends, closeWindows, made } = startSharedReads();
  for (const request of [{ limit: 1 }, { limit: 2 }, { limit: 1, nextToken: 'x' }, { limit: 1, dataSetId: 'x' }]) {
    void backends.dataExchange.listJobs(request, neverGone());
  }
  for (const request of [{ limit: 1 }, { limit: 2 }, { limit: 1, afterAwsJobId: 'x' }]) {
    void backends.importExport.listJobs(request, neverGone());
  }
  await closeWindows();
  expect(made()).toHaveLength(7);
});
