/** The work of one read, in counts, as no test asserts a time. */
import { expect, test } from 'vitest';
import { createDataExchangeClient } from '../../../src/backends/data-exchange/client.ts';
import { createImportExportClient } from '../../../src/backends/import-export/client.ts';
import { createLoaders } from '../../../src/reads/loaders.ts';
import { shareReads } from '../../../src/reads/shared-reads.ts';
import { type CountedCalls, countedAbortControllers, countedHmacs } from '../../support/counted-calls.ts';
import { noBackoffClock } from '../../support/no-backoff-clock.ts';
import { jobEntry, jobId } from '../backends/data-exchange/samples.ts';

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

/** The loaders of an operation over a service that answers each read with one job. */
function loadersOverOneJob() {
  const body = async function* () {
    yield Buffer.from(JSON.stringify(jobEntry()));
  };
  const options = {
    endpoint: 'http://127.0.0.1:1',
    transport: async () => ({ status: 200, headers: { get: () => null }, body: body() }),
    credentials: async () => key,
    clock: noBackoffClock,
  };
  const dataExchange = createDataExchangeClient({ ...options, region: 'us-east-1' });
  const reads = shareReads(
    {
      dataExchange,
      catalog: dataExchange.catalog,
      importExport: createImportExportClient({ ...options, signature: 'v4' }),
    },
    noBackoffClock,
  );
  const { signal } = new AbortController();
  return () => createLoaders(reads.backends, () => signal, reads.readDataExchangeJobs);
}

async function usedByOneRead(counted: CountedCalls): Promise<number> {
  const loaders = loadersOverOneJob();
  await loaders().dataExchangeJob.load(jobId);
  const another = loaders();
  counted.take();
  await another.dataExchangeJob.load(jobId);
  return counted.take();
}

test('A read of a job makes one HMAC: the key that signs is derived once a day', async () => {
  expect(await usedByOneRead(countedHmacs())).toBe(1);
});

test('A read of a job makes two abort controllers: one for all callers who wait for it, one for its attempt', async () => {
  expect(await usedByOneRead(countedAbortControllers())).toBe(2);
});
