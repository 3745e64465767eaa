import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { elementText, elementTexts, errorName, startEmulator, stepMs } from './harness.ts';
import { importManifest } from './manifests.ts';

test('requests are counted by operation, also refused ones, until the counts are reset', async () => {
  const { exchange, device, control, fetch } = startEmulator();
  await exchange('GET', '/v1/jobs');
  await exchange('GET', '/v1/jobs');
  await exchange('GET', '/v1/jobs/unknown');
  await exchange('POST', '/v1/data-sets', {});
  await exchange('GET', '/v1/nothing');
  await device('GetStatus', { JobId: 'x' });
  await device('Nothing');
  await fetch('http://emulator.test/uploads/x', { method: 'PUT', body: 'x' });
  await fetch('http://emulator.test/downloads/x');
  const counts = {
    'DataExchange.CreateDataSet': 1,
    'DataExchange.DownloadAsset': 1,
    'DataExchange.GetJob': 1,
    'DataExchange.ListJobs': 2,
    'DataExchange.UploadAsset': 1,
    'ImportExport.GetStatus': 1,
  };
  expect((await control('GET', 'requests')).json).toEqual(counts);
  expect((await control('DELETE', 'requests')).json).toEqual({});
  expect((await control('GET', 'requests')).json).toEqual({});
});

test('seeded jobs export from the data sets of the same seed in turn, the owned ones first', async () => {
  const { control, exchange } = startEmulator();
  const seeded = (await control('POST', 'seed', { dataExchange: 4, dataSets: 2, entitledDataSets: 1 })).json;
  const { dataSets = [], entitledDataSets = [] } = seeded;
  const jobs = await Promise.all(seeded.dataExchange.map((id) => exchange('GET', `/v1/jobs/${id}`)));
  expect(jobs.map(({ text }) => /"DataSetId":"(\w+)"/.exec(text)?.[1])).toEqual([
    ...dataSets,
    ...entitledDataSets,
    dataSets[0],
  ]);
  const revisions = (await exchange('GET', `/v1/data-sets/${entitledDataSets[0]}/revisions`)).json.Revisions;
  expect(revisions).toMatchObject([{ Finalized: true }]);
});

test('a removed data set is gone, and one of another account is refused; no list has either', async () => {
  const { control, exchange } = startEmulator();
  const { dataSets = [], entitledDataSets = [] } = (await control('POST', 'seed', { dataSets: 1, entitledDataSets: 1 }))
    .json;
  for (const id of [...dataSets, ...entitledDataSets])
    expect((await control('DELETE', `data-sets/${id}`)).status).toBe(200);
  expect((await control('DELETE', `data-sets/${'f'.repeat(32)}`)).status).toBe(404);
  const reads = [...dataSets, ...entitledDataSets].map((id) => exchange('GET', `/v1/data-sets/${id}`));
  expect((await Promise.all(reads)).map(errorName)).toEqual(['ResourceNotFoundException', 'AccessDeniedException']);
  const listed = (await exchange('GET', '/v1/data-sets')).json.DataSets.map(({ Id }) => Id);
  expect(listed.toSorted()).toEqual([demo.dataSetId, demo.entitledDataSetId]);
});

test('seeded jobs wait, and only a start or a command moves them', async () => {
  const { control, exchange, device, clock } = startEmulator();
  const { dataExchange, importExport } = (await control('POST', 'seed', { dataExchange: 3, importExport: 60 })).json;
  expect([dataExchange.length, importExport.length]).toEqual([3, 60]);
  await clock.advance(29 * 24 * 3600 * 1000);
  const { Jobs } = (await exchange('GET', '/v1/jobs')).json;
  expect(Jobs.map(({ Id, State }) => [Id, State])).toEqual([...dataExchange].reverse().map((id) => [id, 'WAITING']));
  expect(elementTexts(await device('ListJobs'), 'JobId')).toEqual([...importExport].reverse());
  const status = await device('GetStatus', { JobId: importExport[0] ?? '' });
  expect(elementText(status, 'ProgressCode')).toBe('Pending');
  await device('CreateJob', { JobType: 'Import', Manifest: importManifest });
  expect((await control('POST', 'seed', {})).json).toEqual({ dataExchange: [], importExport: [] });
});

test.each(['WAITING', 'IN_PROGRESS', 'ERROR', 'COMPLETED', 'CANCELLED', 'TIMED_OUT'])(
  'a Data Exchange job moved to %s stays in that state',
  async (state) => {
    const { control, exchange, clock } = startEmulator();
    const [id] = (await control('POST', 'seed', { dataExchange: 1 })).json.dataExchange;
    await exchange('PATCH', `/v1/jobs/${id}`);
    await clock.advance(1);
    expect((await control('POST', `jobs/${id}`, { state })).json.State).toBe(state);
    const movedAt = new Date(clock.now()).toISOString();
    await clock.advance(10 * stepMs);
    const { json } = await exchange('GET', `/v1/jobs/${id}`);
    expect([json.State, json.UpdatedAt, json.Errors?.length]).toEqual([
      state,
      movedAt,
      state === 'ERROR' ? 1 : undefined,
    ]);
  },
);

test('a job moved to ERROR has the errors of the command', async () => {
  const { control, exchange } = startEmulator();
  const [id] = (await control('POST', 'seed', { dataExchange: 1 })).json.dataExchange;
  const errors = [{ Code: 'MALWARE_DETECTED', Message: 'Ugh', ResourceId: demo.assetId, ResourceType: 'ASSET' }];
  await control('POST', `jobs/${id}`, { state: 'ERROR', errors });
  expect((await exchange('GET', `/v1/jobs/${id}`)).json.Errors).toEqual(errors);
});

test('an export to a signed URL moved to COMPLETED has its URL', async () => {
  const { control, exchange } = startEmulator();
  const asset = { DataSetId: demo.dataSetId, RevisionId: demo.revisionId, AssetId: demo.assetId };
  const { Id } = (
    await exchange('POST', '/v1/jobs', {
      Type: 'EXPORT_ASSET_TO_SIGNED_URL',
      Details: { ExportAssetToSignedUrl: asset },
    })
  ).json;
  await control('POST', `jobs/${Id}`, { state: 'COMPLETED' });
  expect((await exchange('GET', `/v1/jobs/${Id}`)).json.Details.ExportAssetToSignedUrl.SignedUrl).toContain(
    '/downloads/',
  );
});

test('an Import/Export job is moved member by member, and stays there', async () => {
  const { control, device, clock } = startEmulator();
  const reply = await device('CreateJob', { JobType: 'Import', Manifest: importManifest });
  const JobId = elementText(reply, 'JobId') ?? '';
  const names = ['LocationCode', 'ProgressCode', 'ErrorCount', 'Carrier', 'TrackingNumber'];
  const moved = async (body: object) => {
    expect((await control('POST', `jobs/${JobId}`, body)).status).toBe(200);
    await clock.advance(10 * stepMs);
    const status = await device('GetStatus', { JobId });
    return names.map((name) => elementText(status, name));
  };
  expect(await moved({ locationCode: 'AtAWS' })).toEqual(['AtAWS', 'Pending', '0', undefined, undefined]);
  expect(await moved({ progressCode: 'Started' })).toEqual(['AtAWS', 'Started', '0', undefined, undefined]);
  expect(await moved({ progressCode: 'SuccessWithErrors', errorCount: 7 })).toEqual([
    'AtAWS',
    'SuccessWithErrors',
    '7',
    undefined,
    undefined,
  ]);
  expect(await moved({ locationCode: 'Returned', carrier: 'FEDEX' })).toEqual([
    'Returned',
    'SuccessWithErrors',
    '7',
    'FEDEX',
    '1Z999AA10123456784',
  ]);
  expect(await moved({ trackingNumber: '42' })).toEqual(['Returned', 'SuccessWithErrors', '7', 'FEDEX', '42']);
});

test('a job of either service can be removed', async () => {
  const { control, exchange, device } = startEmulator();
  const { dataExchange, importExport } = (await control('POST', 'seed', { dataExchange: 1, importExport: 1 })).json;
  for (const id of [dataExchange[0], importExport[0]]) {
    expect((await control('DELETE', `jobs/${id}`)).status).toBe(200);
    expect((await control('DELETE', `jobs/${id}`)).status).toBe(404);
  }
  expect((await exchange('GET', `/v1/jobs/${dataExchange[0]}`)).status).toBe(404);
  const status = await device('GetStatus', { JobId: importExport[0] ?? '' });
  expect(elementText(status, 'Code')).toBe('InvalidJobIdException');
});

test.each([
  ['seed', { dataExchange: -1 }, 'dataExchange'],
  ['seed', { everything: 1 }, 'everything'],
  ['jobs/DATA', { state: 'FAILED' }, 'state'],
  ['jobs/DATA', {}, 'state'],
  ['jobs/DATA', { state: 'COMPLETED', errors: [{ Code: 'MALWARE_DETECTED', Message: 'x' }] }, 'errors'],
  ['jobs/DATA', { state: 'ERROR', errors: [{ Code: 'OOPS', Message: 'x' }] }, 'errors[0].Code'],
  ['jobs/DEVICE', { errorCount: 'three' }, 'errorCount'],
  ['jobs/DEVICE', { state: 'COMPLETED' }, 'state'],
  ['faults', { operation: 'DataExchange.GetJobs', fault: {} }, 'operation'],
  ['faults', { operation: 'DataExchange.GetJob' }, 'fault'],
  ['faults', { operation: '*', times: 0, fault: {} }, 'times'],
  ['faults', { operation: '*', fault: { status: 99 } }, 'fault.status'],
  ['faults', { operation: '*', fault: { headers: { 'bad name': 'x' } } }, 'fault.headers'],
  ['faults', { operation: '*', fault: { delay: 1 } }, 'fault.delay'],
  ['faults', { operation: '*', fault: { awsCode: 'Throttling' } }, 'fault.awsCode'],
])('POST %s refuses %j by naming %s', async (path, body, field) => {
  const { control } = startEmulator();
  const { dataExchange, importExport } = (await control('POST', 'seed', { dataExchange: 1, importExport: 1 })).json;
  const target = path.replace('DATA', dataExchange[0] ?? '').replace('DEVICE', importExport[0] ?? '');
  const { status, json } = await control('POST', target, body);
  expect([status, json]).toEqual([400, { field, message: expect.any(String) }]);
});

test('an unknown path is answered 404 in JSON, and a body that is not JSON 400', async () => {
  const { control, fetch } = startEmulator();
  const wrong = [
    await control('GET', 'nothing'),
    await control('PUT', 'requests'),
    await control('POST', 'jobs/ABCDE', { state: 'COMPLETED' }),
    await control('POST', 'jobs/a/b', {}),
  ];
  for (const { status, json } of wrong) expect([status, json]).toEqual([404, { message: expect.any(String) }]);
  expect((await fetch('http://emulator.test/_emulator/seed', { method: 'POST', body: '{' })).status).toBe(400);
});

test('lists and lookups over ten thousand seeded jobs cost about as much as over a hundred', async () => {
  const timeWith = async (count: number): Promise<number> => {
    const { control, exchange, device } = startEmulator();
    const { dataExchange, importExport } = (await control('POST', 'seed', { dataExchange: count, importExport: count }))
      .json;
    expect([new Set(dataExchange).size, new Set(importExport).size]).toEqual([count, count]);
    const startedAt = performance.now();
    for (let round = 0; round < 50; round += 1) {
      await exchange('GET', '/v1/jobs?maxResults=100');
      await exchange('GET', `/v1/jobs/${dataExchange[round]}`);
      await device('GetStatus', { JobId: importExport[round] ?? '' });
    }
    return performance.now() - startedAt;
  };
  const few = await timeWith(100);
  // Sorting or copying all jobs at each call would take a hundred times as long.
  expect((await timeWith(10_000)) / few).toBeLessThan(20);
});
