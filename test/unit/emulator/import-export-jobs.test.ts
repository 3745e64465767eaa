import { expect, test } from 'vitest';
import { elementText, elementTexts, type Harness, type Reply, replyFrom, startEmulator, stepMs } from './harness.ts';
import { exportManifest, glacierManifest, importManifest, returnAddress, withField } from './manifests.ts';
import { signedV2 } from './signing.ts';

const dayMs = 24 * 3600 * 1000;

async function created({ device }: Harness, Manifest = importManifest, JobType = 'Import'): Promise<string> {
  const reply = await device('CreateJob', { JobType, Manifest, ValidateOnly: 'false' });
  expect(reply.text).toContain('<JobId>');
  return elementText(reply, 'JobId') ?? '';
}

function codes(reply: Reply) {
  return [elementText(reply, 'LocationCode'), elementText(reply, 'ProgressCode')];
}

async function statusOf({ device }: Harness, JobId: string): Promise<Reply> {
  return device('GetStatus', { JobId });
}

function withoutIds(text: string): string {
  return text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'REQUEST');
}

test('CreateJob returns the signature and a warning about the label', async () => {
  const { device } = startEmulator();
  const reply = await device('CreateJob', { JobType: 'import', Manifest: importManifest, ValidateOnly: 'false' });
  const JobId = elementText(reply, 'JobId') ?? '';
  const signature = elementText(reply, 'Signature') ?? '';
  expect(JobId).toMatch(/^[1-9A-NP-Z]{5}$/);
  expect(Buffer.from(signature, 'base64')).toHaveLength(20);
  expect(withoutIds(reply.text)).toBe(
    `<CreateJobResponse xmlns="http://importexport.amazonaws.com/"><CreateJobResult><JobId>${JobId}</JobId>` +
      `<JobType>Import</JobType><Signature>${signature}</Signature><SignatureFileContents>version:2.0\n` +
      `signingMethod:HmacSHA1\njobId:${JobId}\nsignature:${signature}\n</SignatureFileContents><WarningMessage>` +
      'Please use GetShippingLabel API endpoint to print your shipping label.</WarningMessage><ArtifactList/>' +
      '</CreateJobResult><ResponseMetadata><RequestId>REQUEST</RequestId></ResponseMetadata></CreateJobResponse>\n',
  );
  expect(reply.headers.get('content-type')).toBe('text/xml');
  expect(reply.headers.get('x-amzn-requestid')).toBe(elementText(reply, 'RequestId'));
});

test('the status of a new job has no shipment and no log', async () => {
  const harness = startEmulator();
  const JobId = await created(harness);
  const reply = await statusOf(harness, JobId.toLowerCase());
  expect(elementText(reply, 'JobId')).toBe(JobId);
  expect(codes(reply)).toEqual(['NotReceived', 'Pending']);
  expect(elementText(reply, 'LocationMessage')).toBe('AWS has not received your device.');
  expect(elementText(reply, 'ProgressMessage')).toBe('The specified job has not started.');
  expect(elementText(reply, 'ErrorCount')).toBe('0');
  expect(elementText(reply, 'CreationDate')).toBe('2026-01-01T00:00:00Z');
  expect(elementText(reply, 'CurrentManifest')).toBe(importManifest);
  expect(reply.text).not.toMatch(/<(Carrier|TrackingNumber|LogBucket|LogKey)/);
});

test('a job passes the usual stages, one step at a time', async () => {
  const harness = startEmulator();
  const JobId = await created(harness);
  const observed = [];
  for (let step = 0; step < 5; step += 1) {
    observed.push(codes(await statusOf(harness, JobId)));
    await harness.clock.advance(stepMs);
  }
  expect(observed).toEqual([
    ['NotReceived', 'Pending'],
    ['AtAWS', 'Pending'],
    ['AtAWS', 'InProgress'],
    ['AtAWS', 'Complete'],
    ['Returned', 'Complete'],
  ]);
  const last = await statusOf(harness, JobId);
  expect(elementText(last, 'LogBucket')).toBe('my-bucket');
  expect(elementText(last, 'LogKey')).toBe(`logs/import-log-${JobId}`);
  expect(elementText(last, 'ProgressMessage')).toBe(
    `The data loaded successfully. The log was saved to logs/import-log-${JobId} in the bucket my-bucket.`,
  );
  expect(elementText(last, 'LocationMessage')).toBe(
    'Your device has been returned. The UPS tracking number is 1Z999AA10123456784.',
  );
  expect([elementText(last, 'Carrier'), elementText(last, 'TrackingNumber')]).toEqual(['UPS', '1Z999AA10123456784']);
});

test.each([
  ['FAULTY', 'DeviceError', '0'],
  ['UNSIGNED', 'MissingSignature', '0'],
  ['ERRORS', 'SuccessWithErrors', '3'],
])('a device named %s ends in %s', async (word, progressCode, errorCount) => {
  const harness = startEmulator();
  const JobId = await created(harness, withField(importManifest, 'deviceId', `DISK-${word}-1`));
  await harness.clock.advance(4 * stepMs);
  const reply = await statusOf(harness, JobId);
  expect([...codes(reply), elementText(reply, 'ErrorCount')]).toEqual(['Returned', progressCode, errorCount]);
  expect(reply.text.includes('<LogKey>')).toBe(progressCode === 'SuccessWithErrors');
});

test('the job of a lost device expires after thirty days and is removed later', async () => {
  const harness = startEmulator();
  const { device, clock } = harness;
  const JobId = await created(harness, withField(importManifest, 'deviceId', 'LOST'));
  await clock.advance(30 * dayMs - 1);
  expect(codes(await statusOf(harness, JobId))).toEqual(['NotReceived', 'Pending']);
  await clock.advance(1);
  expect(codes(await statusOf(harness, JobId))).toEqual(['NotReceived', 'Expired']);
  for (const operation of ['CancelJob', 'UpdateJob']) {
    expect(elementText(await device(operation, { JobId }), 'Code')).toBe('ExpiredJobIdException');
  }
  await clock.advance(60 * dayMs);
  expect(elementText(await statusOf(harness, JobId), 'Code')).toBe('ExpiredJobIdException');
});

test('ValidateOnly creates nothing', async () => {
  const { device } = startEmulator();
  const reply = await device('CreateJob', { JobType: 'Import', Manifest: importManifest, ValidateOnly: 'true' });
  expect(reply.text).not.toMatch(/<(JobId|Signature)/);
  expect(elementText(reply, 'WarningMessage')).toBe('**** Device will be erased before being returned. ****');
  expect((await device('ListJobs')).text).toContain('<Jobs/><IsTruncated>false</IsTruncated>');
});

test('an update replaces the manifest, also the type of the job', async () => {
  const harness = startEmulator();
  const { device } = harness;
  const JobId = await created(harness);
  const update = { JobId, JobType: 'EXPORT', Manifest: exportManifest };
  await device('UpdateJob', { ...update, ValidateOnly: 'true' });
  expect(elementText(await statusOf(harness, JobId), 'JobType')).toBe('Import');
  const reply = await device('UpdateJob', { ...update, ValidateOnly: 'false' });
  expect(reply.text).toContain('<UpdateJobResult><Success>true</Success><ArtifactList/></UpdateJobResult>');
  const status = await statusOf(harness, JobId);
  expect([elementText(status, 'JobType'), elementText(status, 'CurrentManifest')]).toEqual(['Export', exportManifest]);
  expect(elementTexts(await device('ListJobs'), 'JobType')).toEqual(['Export']);
});

test('an update that erases the device has a warning', async () => {
  const harness = startEmulator();
  const JobId = await created(harness);
  const reply = await harness.device('UpdateJob', { JobId, JobType: 'Import', Manifest: importManifest });
  expect(elementText(reply, 'WarningMessage')).toBe('**** Device will be erased before being returned. ****');
});

test('a job can be updated and cancelled until the transfer starts, wherever the device is', async () => {
  const harness = startEmulator();
  const { device, clock } = harness;
  const [JobId, other] = [await created(harness), await created(harness)];
  const update = { JobType: 'Import', Manifest: importManifest };
  await clock.advance(stepMs);
  expect((await device('UpdateJob', { JobId, ...update })).status).toBe(200);
  expect((await device('CancelJob', { JobId: other })).status).toBe(200);
  await clock.advance(stepMs);
  expect(elementText(await device('UpdateJob', { JobId, ...update }), 'Code')).toBe('UnableToUpdateJobIdException');
  expect(elementText(await device('CancelJob', { JobId }), 'Code')).toBe('UnableToCancelJobIdException');
});

test('a cancelled job is kept: its status can be read, and it is listed', async () => {
  const harness = startEmulator();
  const { device, clock } = harness;
  const JobId = await created(harness);
  expect(elementText(await device('CancelJob', { JobId }), 'Success')).toBe('true');
  await clock.advance(10 * stepMs);
  const status = await statusOf(harness, JobId);
  expect([status.status, ...codes(status)]).toEqual([200, 'NotReceived', 'Canceled']);
  expect(elementText(status, 'ProgressMessage')).toBe('The job was canceled.');
  expect(elementTexts(await device('ListJobs'), 'IsCanceled')).toEqual(['true']);
  const parameters = { JobId, JobType: 'Import', Manifest: importManifest, 'jobIds.member.1': JobId };
  for (const operation of ['CancelJob', 'UpdateJob', 'GetShippingLabel']) {
    expect(elementText(await device(operation, parameters), 'Code')).toBe('CanceledJobIdException');
  }
});

test('the error for an unknown job contains the id as it was sent', async () => {
  const { device } = startEmulator();
  const reply = await device('GetStatus', { JobId: 'fake_job' });
  expect(reply.status).toBe(400);
  expect(withoutIds(reply.text)).toBe(
    '<ErrorResponse xmlns="http://importexport.amazonaws.com/"><Error><Type>Sender</Type><Code>InvalidJobIdException' +
      '</Code><Message>No such job fake_job for your account</Message></Error><RequestId>REQUEST</RequestId></ErrorResponse>\n',
  );
});

test.each([
  ['CreateJob', { Manifest: importManifest }, 'MissingParameterException'],
  ['CreateJob', { JobType: 'Import' }, 'MissingParameterException'],
  ['CreateJob', { JobType: 'Import', Manifest: '' }, 'MissingParameterException'],
  ['CreateJob', { JobType: 'Move', Manifest: importManifest }, 'InvalidParameterException'],
  ['CreateJob', { JobType: 'Import', Manifest: importManifest, ValidateOnly: 'maybe' }, 'InvalidParameterException'],
  ['UpdateJob', { JobType: 'Import', Manifest: importManifest }, 'InvalidJobIdException'],
  ['GetStatus', {}, 'InvalidJobIdException'],
  ['CancelJob', { JobId: 'ABCDE' }, 'InvalidJobIdException'],
  ['GetShippingLabel', { jobIds: '' }, 'InvalidJobIdException'],
  ['GetShippingLabel', { 'jobIds.member.1': 'ABCDE' }, 'InvalidJobIdException'],
  ['ListJobs', { MaxJobs: '1001' }, 'InvalidParameterException'],
  ['ListJobs', { MaxJobs: 'many' }, 'InvalidParameterException'],
  ['ListJobs', { Marker: 'ABCDE' }, 'InvalidParameterException'],
  ['constructor', {}, 'InvalidAction'],
])('%s with %j is refused by %s', async (operation, parameters: Record<string, string>, code) => {
  const { device } = startEmulator();
  const reply = await device(operation, parameters);
  expect([reply.status, elementText(reply, 'Code')]).toEqual([400, code]);
});

test('a manifest is returned as it was sent, whatever its line ends and characters', async () => {
  const harness = startEmulator();
  const manifest = withField(importManifest, 'company', 'Roe & Sons\u0085<Länding>').replaceAll('\n', '\r\n');
  const JobId = await created(harness, manifest);
  const reply = await statusOf(harness, JobId);
  expect(reply.text).toContain('&#13;\n');
  expect(elementText(reply, 'CurrentManifest')).toBe(manifest);
});

test('a job for Glacier has a bar code instead of a signature', async () => {
  const harness = startEmulator();
  const reply = await statusOf(harness, await created(harness, glacierManifest));
  expect(elementText(reply, 'URL')).toMatch(/^https:\/\/s3\.amazonaws\.com\/my-log-bucket\/barcode-.{5}\.pdf$/);
  expect(reply.text).not.toContain('<Signature>');
});

const sender = Object.fromEntries(
  [...returnAddress.matchAll(/ {4}(\w+): (.*)/g)].map(([, name, value]) => [name, value ?? '']),
);

test('a label is issued for the jobs of one parcel, with a complete address or none', async () => {
  const harness = startEmulator();
  const [first, second] = [await created(harness), await created(harness)];
  const ids = { 'jobIds.member.1': first, 'jobIds.member.2': second };
  const url = `https://s3.amazonaws.com/my-bucket/shipping-label-${first}-${second}.pdf`;
  for (const parameters of [ids, { ...ids, ...sender }]) {
    expect(elementText(await harness.device('GetShippingLabel', parameters), 'ShippingLabelURL')).toBe(url);
  }
  for (const bad of [{ city: '' }, { street1: 'PO Box 9' }, { stateOrProvince: '' }]) {
    const reply = await harness.device('GetShippingLabel', { ...ids, ...sender, ...bad });
    expect(elementText(reply, 'Code')).toBe('InvalidAddressException');
  }
});

test('jobs are listed newest first, each once across pages', async () => {
  const harness = startEmulator();
  const { device, clock } = harness;
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    ids.unshift(await created(harness));
    await clock.advance(700);
  }
  const observed: string[] = [];
  for (let isTruncated = 'true', marker = ''; isTruncated === 'true'; ) {
    const reply = await device('ListJobs', { MaxJobs: '2', ...(marker && { Marker: marker.toLowerCase() }) });
    observed.push(...elementTexts(reply, 'JobId'));
    marker = observed.at(-1) ?? '';
    isTruncated = elementText(reply, 'IsTruncated') ?? '';
    await harness.control('POST', 'seed', { importExport: 1 });
  }
  expect(observed).toEqual(ids);
  expect(elementTexts(await device('ListJobs', { MaxJobs: '0' }), 'JobId')).toEqual([]);
});

test('fifty jobs can be created per day, not counting ValidateOnly', async () => {
  const harness = startEmulator();
  const parameters = { JobType: 'Import', Manifest: importManifest };
  for (let count = 0; count < 50; count += 1) await created(harness);
  expect((await harness.device('CreateJob', { ...parameters, ValidateOnly: 'true' })).status).toBe(200);
  expect(elementText(await harness.device('CreateJob', parameters), 'Code')).toBe('CreateJobQuotaExceededException');
  await harness.clock.advance(dayMs);
  await created(harness);
});

test('the operation can be named in the query string', async () => {
  const { emulator, clock } = startEmulator();
  const url = 'http://emulator.test/?Operation=ListJobs';
  const request = signedV2(url, { Version: '2010-06-01' }, { at: clock.now() });
  expect((await replyFrom(await emulator.handle(request))).text).toContain('<ListJobsResult>');
});
