import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { httpTransport } from '../../../src/backends/calls/http-transport.ts';
import { readBody } from '../../../src/backends/calls/transport.ts';
import { demo } from '../../../src/emulator/demo.ts';
import { dataExchangeDetails, globalId, manifests } from '../../support/examples.ts';
import { type LiveResult, openEvents, openSocket, stepsOf, until, watchJobs } from '../../support/live.ts';
import { exchangeRequest } from '../../unit/emulator/harness.ts';
import { createDataExchange, createImportExport, dataOf } from './requests.ts';
import { seeded, startVaried } from './variety-gateway.ts';

const watchAll = 'subscription { jobActivity { cursor ... on JobStateChange { previousState state job { id } } } }';

const start = 'mutation ($id: ID!) { startDataExchangeJob(id: $id) { userErrors { code } } }';
const stepMs = 400;

/** A poll may miss intermediate states. */
const courses = [
  ['null -> WAITING', 'WAITING -> IN_PROGRESS', 'IN_PROGRESS -> COMPLETED'],
  ['null -> WAITING', 'WAITING -> COMPLETED'],
];

seeded('a job is watched to its end over WebSocket and over SSE, and each state is delivered once', async (seed) => {
  const gateway = await startVaried(seed, stepMs);
  const id = await createDataExchange(gateway, { details: dataExchangeDetails.EXPORT_ASSETS_TO_S3 });
  const socket = await openSocket(gateway.url);
  socket.subscribe('1', watchJobs, { ids: [id] });
  const events = await openEvents(gateway.url, { ids: [id] });
  await until(() => socket.resultsOf('1').length === 1 && events.results().length === 1);
  expect(await dataOf(gateway, start, { id })).toEqual({ startDataExchangeJob: { userErrors: [] } });
  await events.ended;
  await until(() => socket.typesOf('1').includes('complete'));
  expect(courses).toContainEqual(stepsOf(socket.resultsOf('1')));
  expect(stepsOf(events.results())).toEqual(stepsOf(socket.resultsOf('1')));
  expect(gateway.complaints).toEqual([]);
});

/** Creates a job outside the gateway. */
async function createElsewhere(base: string): Promise<string> {
  const destination = { AssetId: demo.assetId, Bucket: demo.exportBucket, Key: 'elsewhere.csv' };
  const ExportAssetsToS3 = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetDestinations: [destination] };
  const body = { Type: 'EXPORT_ASSETS_TO_S3', Details: { ExportAssetsToS3 } };
  const request = exchangeRequest('POST', '/v1/jobs', Date.now(), body, base);
  // On a new connection: a kept-alive one may be closed, and a create is not retried.
  const reply = await httpTransport()(request.url, {
    method: 'POST',
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
    signal: request.signal,
    isSingleUse: true,
  });
  const { Id } = JSON.parse(Buffer.from(await readBody(reply, 100_000)).toString());
  return globalId('DataExchangeJob', Id);
}

seeded('each new job is announced once, whether the gateway or another client created it', async (seed) => {
  const gateway = await startVaried(seed);
  const { dataExchange } = await gateway.emulator.seed({ dataExchange: 3, importExport: 3 });
  // Import/Export dates jobs to the second, so others of the same second may be new.
  await sleep(1_100);
  const socket = await openSocket(gateway.url);
  socket.subscribe('1', watchAll);
  await sleep(500);
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    ids.push(await createDataExchange(gateway, { details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 }));
    ids.push(await createElsewhere(gateway.emulator.url));
    ids.push(await createImportExport(gateway, { manifest: manifests.importToS3 }));
  }
  const announced = () => socket.resultsOf('1').flatMap(newJobIn);
  await until(() => ids.every((id) => announced().includes(id)));
  await gateway.emulator.move(dataExchange[0] ?? '', { state: 'IN_PROGRESS' });
  await sleep(1_500);
  expect([...announced()].sort()).toEqual([...ids].sort());
  expect(gateway.complaints).toEqual([]);
});

function newJobIn({ data }: LiveResult): readonly string[] {
  const changes = Object.values(data ?? {});
  return changes.filter(({ previousState }) => previousState === null).map(({ job }) => job.id);
}
