/** Pages of Import/Export's list with one unreadable entry, and statuses with a broken member. */
import { describe, expect, test } from 'vitest';
import { field, scraped, startGateway, type TestGateway } from '../../support/gateway.ts';

type Members = Readonly<Record<string, string | undefined>>;

function jobOf(number: number, changes: Members = {}): Members {
  return {
    JobId: `JOB${number}`,
    CreationDate: `2026-03-01T09:30:${59 - number}Z`,
    IsCanceled: 'true',
    JobType: 'Import',
    ...changes,
  };
}

function elements(members: Members): string {
  return Object.entries(members)
    .flatMap(([name, text]) => (text === undefined ? [] : `<${name}>${text}</${name}>`))
    .join('');
}

function listOf(jobs: readonly Members[], isTruncated = false): string {
  const members = jobs.map((job) => `<member>${elements(job)}</member>`).join('');
  return `<ListJobsResponse><ListJobsResult><Jobs>${members}</Jobs><IsTruncated>${isTruncated}</IsTruncated></ListJobsResult></ListJobsResponse>`;
}

function answering(gateway: TestGateway, operation: string, body: string, times = 1): Promise<unknown> {
  return gateway.emulator.fail(`ImportExport.${operation}`, { status: 200, body }, times);
}

const list = 'filter: { service: IMPORT_EXPORT }';
const awsJobIds = [{ awsJobId: 'JOB0' }, { awsJobId: 'JOB1' }, null, { awsJobId: 'JOB3' }];

const broken: readonly (readonly [string, Members])[] = [
  ['a date that is none', { CreationDate: 'not-a-date' }],
  ['no id', { JobId: undefined }],
  ['an id of a thousand letters', { JobId: 'X'.repeat(1_000) }],
  ['an unknown type', { JobType: 'Teleport' }],
  ['no word of whether it is cancelled', { IsCanceled: undefined }],
  ['elements where its id should be', { JobId: '<a/>' }],
];

describe.each(broken)('An entry of a list with %s', (_title, changes) => {
  const jobs = [jobOf(0), jobOf(1), jobOf(2, changes), jobOf(3)];

  test('is null, with an error, affects no other entry, and is counted', async () => {
    const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
    await answering(gateway, 'ListJobs', listOf(jobs));
    const { data, errors } = await gateway.ask(`{ jobs(${list}) { nodes { awsJobId } } }`);
    expect(data).toEqual({ jobs: { nodes: awsJobIds } });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['jobs', 'nodes', 2], 'UPSTREAM_BAD_RESPONSE'],
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/not-a-date|Teleport|XXX/);
    expect(await scraped(gateway.metricsUrl)).toContain(
      'waybill_upstream_unknown_values_total{service="IMPORT_EXPORT",member="entry"} 1',
    );
  });

  test('is on one page only, with pages of one job', async () => {
    const gateway = await startGateway();
    const seen: unknown[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      // As the service pages: behind the given id, two or three entries at once.
      const position = after;
      const start = seen.length === 0 ? 0 : jobs.findIndex(({ JobId }) => JobId === lastIdIn(seen, jobs)) + 1;
      await answering(gateway, 'ListJobs', listOf(jobs.slice(start, start + 3), start + 3 < jobs.length));
      const { data } = await gateway.ask(
        `query ($after: String) { jobs(first: 1, after: $after, ${list}) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } }`,
        { after: position },
      );
      const { nodes, pageInfo } = field<{
        nodes: ({ awsJobId: string } | null)[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      }>(data, 'jobs');
      seen.push(...nodes);
      after = pageInfo.endCursor;
      await gateway.emulator.heal();
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(awsJobIds);
  });

  test('does not keep the other entries from subscribers', async () => {
    const gateway = await startGateway();
    const { importExport } = await gateway.emulator.seed({ importExport: 1 });
    const seeded = jobOf(0, { JobId: importExport[0], IsCanceled: 'false', CreationDate: '2100-01-01T00:00:00Z' });
    await answering(gateway, 'ListJobs', listOf([]));
    await answering(gateway, 'ListJobs', listOf([jobOf(2, changes), seeded]), 1_000);
    const events = gateway.client().iterate<{ jobActivity: { job: { awsJobId: string } } }>({
      query:
        'subscription { jobActivity(filter: { service: IMPORT_EXPORT }) { ... on JobStateChange { job { awsJobId } } } }',
    });
    expect((await events.next()).value?.data).toEqual({ jobActivity: { job: { awsJobId: importExport[0] } } });
  });
});

/** The id of the last returned entry that has one: the marker of the next page. */
function lastIdIn(seen: readonly unknown[], jobs: readonly Members[]): string | undefined {
  const given = jobs.slice(0, seen.length).flatMap(({ JobId }) => (/^JOB\d$/.test(JobId ?? '') ? JobId : []));
  return given.at(-1);
}

test('A list with an unreadable end is refused as a whole', async () => {
  const gateway = await startGateway();
  await answering(gateway, 'ListJobs', listOf([jobOf(0)]).replace('>false<', '>perhaps<'), 10);
  const answer = await gateway.ask(`{ jobs(${list}) { nodes { awsJobId } unavailableServices { code } } }`);
  const unavailableServices = [{ code: 'UPSTREAM_BAD_RESPONSE' }];
  expect(answer).toEqual({ data: { jobs: { nodes: [], unavailableServices } } });
});

const status: Members = {
  JobId: 'JOB1',
  JobType: 'Import',
  LocationCode: 'Returned',
  LocationMessage: 'Your device has been returned.',
  ProgressCode: 'Complete',
  ProgressMessage: 'The data loaded successfully.',
  Carrier: 'UPS',
  TrackingNumber: '1Z999',
  LogBucket: 'logs',
  LogKey: 'a/import-log-JOB1',
  ErrorCount: '3',
  CreationDate: '2026-03-01T09:30:59Z',
};

const statusFields =
  'direction state progress { code message errorCount log { bucket key } } device { locationCode message returnShipment { carrier } }';

const whole = {
  direction: 'IMPORT',
  state: 'COMPLETED',
  progress: {
    code: 'Complete',
    message: 'The data loaded successfully.',
    errorCount: 3,
    log: { bucket: 'logs', key: 'a/import-log-JOB1' },
  },
  device: {
    locationCode: 'Returned',
    message: 'Your device has been returned.',
    returnShipment: { carrier: 'UPS' },
  },
};

const statusCases: readonly (readonly [string, object])[] = [
  ['ErrorCount', { progress: { ...whole.progress, errorCount: null } }],
  ['LogBucket', { progress: { ...whole.progress, log: null } }],
  ['LogKey', { progress: { ...whole.progress, log: null } }],
  ['ProgressMessage', { progress: { ...whole.progress, message: null } }],
  ['LocationMessage', { device: { ...whole.device, message: null } }],
  ['LocationCode', { device: null }],
  ['Carrier', { device: { ...whole.device, returnShipment: null } }],
  ['TrackingNumber', { device: { ...whole.device, returnShipment: null } }],
];

test('Broken members of a status are counted', async () => {
  const gateway = await startGateway({ WAYBILL_METRICS_PORT: '0' });
  const members = elements({ ...status, ErrorCount: 'many', Carrier: '<a/>' });
  await answering(
    gateway,
    'GetStatus',
    `<GetStatusResponse><GetStatusResult>${members}</GetStatusResult></GetStatusResponse>`,
  );
  const id = Buffer.from('ImportExportJob:JOB1').toString('base64url');
  await gateway.ask(`{ job(id: "${id}") { state } }`);
  expect(await scraped(gateway.metricsUrl)).toContain(
    'waybill_upstream_unknown_values_total{service="IMPORT_EXPORT",member="detail"} 2',
  );
});

test.each(statusCases)(
  'A status whose %s is missing or broken has null in that place only.',
  async (member, expected) => {
    const gateway = await startGateway();
    for (const text of [undefined, '', '<a>1</a><a>2</a>']) {
      const members = elements({ ...status, [member]: text });
      const body = `<GetStatusResponse><GetStatusResult>${members}</GetStatusResult></GetStatusResponse>`;
      await answering(gateway, 'GetStatus', body);
      const id = Buffer.from('ImportExportJob:JOB1').toString('base64url');
      const answer = await gateway.ask(`{ job(id: "${id}") { ... on ImportExportJob { ${statusFields} } } }`);
      expect(answer).toEqual({ data: { job: { ...whole, ...expected } } });
    }
  },
);
