/**
 * The operations of the Import/Export client: what each sends, what it refuses to send, and how it reads the answer.
 */
import { describe, expect, it } from 'vitest';
import { revealed } from '../../../support/revealed.ts';
import {
  address,
  clientAnswering,
  clientOf,
  errorBody,
  failureOf,
  importToS3,
  key,
  newJob,
  uninterrupted,
} from './fixtures.ts';
import { replyVector } from './vectors.ts';

const updated = replyVector('update-job').body;
const cancelled = replyVector('cancel-job-documented').body;
const labelled = replyVector('get-shipping-label').body;

describe('createJob', () => {
  it('createJob always sends ValidateOnly', async () => {
    const { client, forms } = clientAnswering(replyVector('create-job-current-form').body);
    await client.createJob(newJob, uninterrupted);
    expect(forms).toMatchInlineSnapshot(`
      [
        {
          "Action": "CreateJob",
          "JobType": "Import",
          "Manifest": "manifestVersion: "2.0"
      generator: "waybill"
      deviceId: "49382"
      returnAddress:
        name: "Jane Roe"
        phoneNumber: "206-555-1111"
        country: "USA"
        stateOrProvince: "WA"
        city: "Anytown"
        postalCode: "91011-1111"
        street1: "123 Any Street"
      eraseDevice: "yes"
      bucket: "my-bucket"
      ",
          "ValidateOnly": "false",
          "Version": "2010-06-01",
        },
      ]
    `);
  });

  it('createJob returns no job if the manifest was only checked, even if the service names one', async () => {
    const { client } = clientAnswering(replyVector('create-job-current-form').body);
    expect(await client.createJob({ ...newJob, validateOnly: true }, uninterrupted)).toEqual({
      job: null,
      warning: 'Please use GetShippingLabel API endpoint to print your shipping label.',
    });
  });
});

describe('updateJob', () => {
  it('updateJob sends the id of the job and its whole new manifest', async () => {
    const { client, forms } = clientAnswering(updated);
    const manifest = { text: { direction: 'EXPORT' as const, text: 'fileSystem:NTFS' } };
    await client.updateJob('53TX4', { manifest, validateOnly: false }, uninterrupted);
    expect(forms).toEqual([
      {
        Action: 'UpdateJob',
        Version: '2010-06-01',
        JobId: '53TX4',
        JobType: 'Export',
        Manifest: 'fileSystem:NTFS',
        ValidateOnly: 'false',
      },
    ]);
  });

  it('updateJob rejects if the service says that it did not succeed', async () => {
    const { client } = clientAnswering(updated.replace('>true<', '>false<'));
    const request = { manifest: { importToS3 }, validateOnly: false };
    expect(await failureOf(client.updateJob('53TX4', request, uninterrupted))).toMatchObject({
      code: 'UPSTREAM_REJECTED',
    });
  });
});

describe('cancelJob', () => {
  it('cancelJob sends only the job id', async () => {
    const { client, forms } = clientAnswering(cancelled);
    await client.cancelJob('53TX4', uninterrupted);
    expect(forms).toEqual([{ Action: 'CancelJob', Version: '2010-06-01', JobId: '53TX4' }]);
  });

  it('cancelJob succeeds if the job is already cancelled', async () => {
    const { client } = clientAnswering(errorBody('CanceledJobIdException'), { status: 400 });
    await expect(client.cancelJob('53TX4', uninterrupted)).resolves.toBeUndefined();
  });

  it('cancelJob rejects with CONFLICT if the job can no longer be cancelled', async () => {
    const { client } = clientAnswering(errorBody('UnableToCancelJobIdException'), { status: 400 });
    expect(await failureOf(client.cancelJob('53TX4', uninterrupted))).toMatchObject({ code: 'CONFLICT' });
  });

  it('cancelJob rejects if the service says that it did not succeed', async () => {
    const { client } = clientAnswering(cancelled.replace('>true<', '>false<'));
    expect(await failureOf(client.cancelJob('53TX4', uninterrupted))).toMatchObject({ code: 'UPSTREAM_REJECTED' });
  });
});

describe('getStatus', () => {
  const fresh = replyVector('get-status-fresh').body;

  async function statusWith(...changes: [from: string | RegExp, to: string][]) {
    const body = changes.reduce((text, [from, to]) => text.replace(from, to), fresh);
    return clientAnswering(body).client.getStatus('53TX4', uninterrupted);
  }

  it.each([
    ['Pending', 'WAITING'],
    ['InProgress', 'IN_PROGRESS'],
    ['Started', 'IN_PROGRESS'],
    ['Complete', 'COMPLETED'],
    ['Success', 'COMPLETED'],
    ['SUCCESS', 'COMPLETED'],
    ['SuccessWithErrors', 'COMPLETED_WITH_ERRORS'],
    ['DeviceError', 'FAILED'],
    ['InvalidSignature', 'FAILED'],
    ['MissingSignature', 'FAILED'],
    ['MissingDevice', 'FAILED'],
    ['UnsupportedDeviceType', 'FAILED'],
    ['UnsupportedFileFormat', 'FAILED'],
    ['UnsupportedPowerSupply', 'FAILED'],
    ['Canceled', 'CANCELLED'],
    ['canceled', 'CANCELLED'],
    ['Expired', 'TIMED_OUT'],
    ['Updated', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
  ])('ProgressCode %s is read as the state %s', async (code, state) => {
    const status = await statusWith(['>Pending<', `>${code}<`]);
    expect([status.state, status.progress.code]).toEqual([state, code]);
  });

  it.each([
    ['NotReceived', 'NOT_RECEIVED'],
    ['ATAWS', 'AT_AWS'],
    ['Returned', 'RETURNED'],
    ['Lost', 'UNKNOWN'],
  ])('LocationCode %s is read as the location %s', async (code, location) => {
    const { device } = await statusWith(['>NotReceived<', `>${code}<`]);
    expect([device?.location, device?.locationCode]).toEqual([location, code]);
  });

  it.each(['', '<LocationCode/>', '<LocationCode> </LocationCode>'])(
    'A status with the location %j has no device',
    async (xml) => {
      expect((await statusWith([/<LocationCode>.*<\/LocationCode>/, xml])).device).toBeNull();
    },
  );

  it.each([
    ['Pending', '0', null],
    ['InProgress', '2', null],
    ['Canceled', '0', null],
    ['Updated', '1', null],
    ['Complete', '0', 0],
    ['SuccessWithErrors', '12', 12],
    ['DeviceError', '3', 3],
    ['Complete', '', null],
  ])('With ProgressCode %s an ErrorCount of %j is read as %j', async (code, written, count) => {
    const status = await statusWith(['>Pending<', `>${code}<`], ['<ErrorCount>0<', `<ErrorCount>${written}<`]);
    expect(status.progress.errorCount).toBe(count);
  });

  it.each(['<Carrier>UPS</Carrier>', '<TrackingNumber>1Z</TrackingNumber>', '<Carrier>UPS</Carrier><TrackingNumber/>'])(
    'A status with only %s has no return shipment',
    async (xml) => {
      expect((await statusWith(['<ErrorCount>', `${xml}<ErrorCount>`])).device?.returnShipment).toBeNull();
    },
  );

  it.each(['<LogBucket>b</LogBucket>', '<LogKey>k</LogKey>'])('A status with only %s has no log', async (xml) => {
    expect((await statusWith(['<ErrorCount>', `${xml}<ErrorCount>`])).progress.log).toBeNull();
  });

  it.each([
    '2015-05-27T18:58:21Z',
    '2015-05-27T18:58:21.000Z',
    '1432753101',
    '1432753101.000',
    ' 2015-05-27T18:58:21Z\n',
  ])('The date %j is read', async (written) => {
    const status = await statusWith(['2015-05-27T18:58:21Z', written]);
    expect(status.createdAt.toISOString()).toBe('2015-05-27T18:58:21.000Z');
  });

  it('An answer about another job is a bad response', async () => {
    const { client } = clientAnswering(fresh);
    const failure = await failureOf(client.getStatus('796CK', uninterrupted));
    expect(failure).toMatchObject({ code: 'UPSTREAM_BAD_RESPONSE' });
  });

  describe('getStatus of a closed job', () => {
    function clientWithList(exception: string, list: string) {
      return clientOf({
        transport: async (_url, { body }) =>
          String(body).includes('Action=ListJobs')
            ? new Response(replyVector(list).body)
            : new Response(errorBody(exception), { status: 400 }),
      });
    }

    it.each([
      ['CanceledJobIdException', 'CANCELLED', 'Canceled'],
      ['ExpiredJobIdException', 'TIMED_OUT', 'Expired'],
    ])('%s is read as the state %s, with the data that the list has of the job', async (exception, state, code) => {
      expect(await clientWithList(exception, 'list-jobs-two').getStatus('796ck', uninterrupted)).toEqual({
        awsJobId: '796CK',
        direction: 'EXPORT',
        createdAt: new Date('2015-05-20T07:00:00Z'),
        state,
        progress: { code, message: null, errorCount: null, log: null },
        device: null,
      });
    });

    it('getStatus rejects with CONFLICT if the list does not have the job either', async () => {
      const client = clientWithList('ExpiredJobIdException', 'list-jobs-none');
      expect(await failureOf(client.getStatus('796CK', uninterrupted))).toEqual({
        code: 'CONFLICT',
        message: 'The job has expired.',
        isOutcomeUnclear: false,
        awsCode: 'ExpiredJobIdException',
      });
    });
  });
});

describe('getDocuments', () => {
  const fresh = replyVector('get-status-fresh').body;

  it('getDocuments lists only artifacts with an HTTP link', async () => {
    const artifacts =
      '<ArtifactList><member><Description>Packing slip</Description><URL>https://a.example/1?a=1&amp;b=2</URL></member>' +
      '<member><URL>https://a.example/2</URL></member>' +
      '<member><Description>Trap</Description><URL>javascript:alert(1)</URL></member></ArtifactList>';
    const { client } = clientAnswering(fresh.replace('<ArtifactList/>', artifacts));
    expect(revealed((await client.getDocuments('53TX4', uninterrupted)).artifacts)).toEqual([
      { description: 'Packing slip', url: 'https://a.example/1?a=1&b=2' },
      { description: '', url: 'https://a.example/2' },
    ]);
  });

  it('getDocuments returns neither manifest nor signature if the service returns none', async () => {
    const body = fresh.replace(/<Signature>[\s\S]*<\/CurrentManifest>/, '');
    expect(await clientAnswering(body).client.getDocuments('53TX4', uninterrupted)).toEqual({
      manifest: null,
      signature: null,
      artifacts: [],
    });
  });
});

describe('getShippingLabel', () => {
  it('getShippingLabel numbers the jobs and sends the address of the sender', async () => {
    const { client, forms } = clientAnswering(labelled);
    await client.getShippingLabel({ awsJobIds: ['53TX4', '796CK'], sender: address }, uninterrupted);
    expect(forms).toMatchInlineSnapshot(`
      [
        {
          "Action": "GetShippingLabel",
          "Version": "2010-06-01",
          "city": "Anytown",
          "country": "USA",
          "jobIds.member.1": "53TX4",
          "jobIds.member.2": "796CK",
          "name": "Jane Roe",
          "phoneNumber": "206-555-1111",
          "postalCode": "91011-1111",
          "stateOrProvince": "WA",
          "street1": "123 Any Street",
        },
      ]
    `);
  });

  it.each([
    ['awsJobIds', [], address],
    ['awsJobIds', Array.from({ length: 101 }, () => '53TX4'), address],
    ['awsJobIds.1', ['53TX4', ''], address],
    ['sender.street1', ['53TX4'], { ...address, street1: '' }],
    ['sender.stateOrProvince', ['53TX4'], { ...address, stateOrProvince: null }],
    ['sender.phoneNumber', ['53TX4'], { ...address, phoneNumber: 'x'.repeat(1_025) }],
  ])('A label request with an invalid %s is refused without a call (case %#)', async (field, awsJobIds, sender) => {
    const { client, forms } = clientAnswering(labelled);
    const failure = await failureOf(client.getShippingLabel({ awsJobIds, sender }, uninterrupted));
    expect([failure.code, failure.field?.join('.')]).toEqual(['INVALID_INPUT', field]);
    expect(forms).toEqual([]);
  });

  it.each(['javascript:alert(1)', 'ftp://a.example/', 'label.pdf', ''])(
    'A label whose link is %j is a bad response',
    async (url) => {
      const { client } = clientAnswering(labelled.replace(/https:[^<]*/, url));
      const request = { awsJobIds: ['53TX4'], sender: address };
      expect(await failureOf(client.getShippingLabel(request, uninterrupted))).toMatchObject({
        code: 'UPSTREAM_BAD_RESPONSE',
      });
    },
  );
});

describe('listJobs', () => {
  it('listJobs sends the job to start after as the marker', async () => {
    const { client, forms } = clientAnswering(replyVector('list-jobs-two').body);
    await client.listJobs({ limit: 2, afterAwsJobId: 'AAABC' }, uninterrupted);
    expect(forms).toEqual([{ Action: 'ListJobs', Version: '2010-06-01', MaxJobs: '2', Marker: 'AAABC' }]);
  });

  it('listJobs sends no marker for the first page', async () => {
    const { client, forms } = clientAnswering(replyVector('list-jobs-two').body);
    await client.listJobs({ limit: 2 }, uninterrupted);
    expect(forms).toEqual([{ Action: 'ListJobs', Version: '2010-06-01', MaxJobs: '2' }]);
  });

  it('A truncated page without entries is the last page', async () => {
    const { client } = clientAnswering(replyVector('list-jobs-none').body.replace('>false<', '>true<'));
    expect(await client.listJobs({ limit: 2 }, uninterrupted)).toEqual({ jobs: [], nextMarker: null });
  });

  it('A page that ends with its own marker is the last page', async () => {
    const { client } = clientAnswering(replyVector('list-jobs-truncated').body);
    expect((await client.listJobs({ limit: 2, afterAwsJobId: '796CK' }, uninterrupted)).nextMarker).toBeNull();
  });

  it('A reply with more jobs than requested is cut, and its page is not the last', async () => {
    const { client } = clientAnswering(replyVector('list-jobs-two').body);
    const page = await client.listJobs({ limit: 1 }, uninterrupted);
    expect([page.jobs.map(({ awsJobId }) => awsJobId), page.nextMarker]).toEqual([['53TX4'], '53TX4']);
  });

  it.each([0, 1_001, 1.5, Number.NaN])('A list request with a limit of %d is refused without a call', async (limit) => {
    const { client, forms } = clientAnswering('');
    expect(await failureOf(client.listJobs({ limit }, uninterrupted))).toMatchObject({
      code: 'INVALID_INPUT',
      field: ['limit'],
    });
    expect(forms).toEqual([]);
  });
});

describe('credentials', () => {
  const transport = async () => {
    throw new Error('expected nothing to be sent');
  };

  function statusWith(credentials: Parameters<typeof clientOf>[0]['credentials']) {
    const client = clientOf({ transport, attemptTimeoutMs: 50, ...(credentials && { credentials }) });
    return failureOf(client.getStatus('53TX4', uninterrupted));
  }

  const unavailable = {
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'No AWS credentials could be loaded.',
    isOutcomeUnclear: false,
  };

  it('A call whose credentials cannot be loaded rejects with CREDENTIALS_UNAVAILABLE', async () => {
    expect(await statusWith(() => Promise.reject(new Error('planted-secret')))).toEqual(unavailable);
    expect(
      await statusWith(() => {
        throw new Error('planted-secret');
      }),
    ).toEqual(unavailable);
  });

  it('A call whose credentials never come rejects with CREDENTIALS_UNAVAILABLE', async () => {
    expect(await statusWith(() => new Promise(() => {}))).toEqual(unavailable);
  });

  it('Credentials with a session token are refused before anything is sent', async () => {
    expect(await statusWith(async () => ({ ...key, sessionToken: 'planted-secret' }))).toEqual({
      code: 'CREDENTIALS_UNAVAILABLE',
      message: 'AWS Import/Export takes no temporary credentials: configure an access key without a session token.',
      isOutcomeUnclear: false,
    });
  });

  it('Each call requests the credentials again', async () => {
    let requests = 0;
    const client = clientOf({
      transport: async () => new Response(replyVector('get-status-fresh').body),
      credentials: async () => {
        requests += 1;
        return key;
      },
    });
    await client.getStatus('53TX4', uninterrupted);
    await client.getStatus('53TX4', uninterrupted);
    expect(requests).toBe(2);
  });
});

it('Signature version 2 puts the key id and the signature into the body, and no query into the address', async () => {
  const sent: { url: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  const client = clientOf({
    signature: 'v2',
    transport: async (url, { headers, body }) => {
      sent.push({ url, headers, body: String(body) });
      return new Response(replyVector('get-status-fresh').body.replaceAll('53TX4', 'TEST1'));
    },
  });
  await client.getStatus('TEST1', uninterrupted);
  expect(sent).toMatchInlineSnapshot(`
    [
      {
        "body": "AWSAccessKeyId=AKIDEXAMPLE&Action=GetStatus&JobId=TEST1&Signature=4i14TKzzjfsFxhXjBgM90kQAy8LfypgoHJ65iky9Er0%3D&SignatureMethod=HmacSHA256&SignatureVersion=2&Timestamp=2015-05-27T18%3A58%3A21Z&Version=2010-06-01",
        "headers": {
          "content-type": "application/x-www-form-urlencoded; charset=utf-8",
          "user-agent": "waybill",
        },
        "url": "https://importexport.amazonaws.com/",
      },
    ]
  `);
});
