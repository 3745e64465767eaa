/**
 * Absurd values of every number, size, date, count and token that a service chooses: which calls the gateway then makes, and how long it
 * waits. For pages and bodies see `absurd-bodies.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { codesOf, jobsOf, longestWaitMs, pageIn, sendQuery, services } from '../../support/absurd-replies.ts';
import type { TestGateway } from '../../support/gateway.ts';
import { recordingClock } from '../../support/recording-clock.ts';
import { type Responder, startScripted, wireId, wireJob, wireList } from '../../support/scripted-services.ts';

/** Subscribes until the test ends. */
function follow({ client }: TestGateway, query: string, variables: Record<string, unknown> = {}): void {
  const ignored = (): void => {};
  client().subscribe({ query, variables }, { next: ignored, error: ignored, complete: ignored });
}

describe.each(services)('%s: Retry-After', (service, name) => {
  test.each([
    ['of 31 years', '999999999'],
    ['of four hundred digits', '9'.repeat(400)],
    ['until 9999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ])('%s reaches callers as five minutes, and costs one call', async (_title, header) => {
    const { answer, services } = await sendQuery(jobsOf(service), () => ({
      status: 503,
      headers: { 'Retry-After': header },
    }));
    expect(pageIn(answer).unavailableServices?.map(({ retryAfterMs }) => retryAfterMs)).toEqual([longestWaitMs]);
    expect(services.count(`${name}.ListJobs`)).toBe(1);
  });

  test.each(['-1', '1e9', 'Infinity', 'Thu, 01 Jan 1970 00:00:00 GMT', 'May', '\t'])(
    '%j is a wait of nothing, and the call is repeated as ever.',
    async (header) => {
      const { answer, services } = await sendQuery(jobsOf(service), () => ({
        status: 503,
        headers: { 'Retry-After': header },
      }));
      expect([null, 0]).toContain(pageIn(answer).unavailableServices?.[0]?.retryAfterMs);
      expect(services.count(`${name}.ListJobs`)).toBeLessThanOrEqual(3);
    },
  );

  test('never stops the watcher for longer than five minutes', async () => {
    const clock = recordingClock();
    const answer = { status: 503, headers: { 'Retry-After': '31536000' } };
    const { gateway, count } = await startScripted(() => answer, {}, { clock });
    const id = service === 'DATA_EXCHANGE' ? `DataExchangeJob:${wireId(1)}` : 'ImportExportJob:ABCDE';
    const ids = [Buffer.from(id).toString('base64url')];
    const query = 'subscription ($ids: [ID!]!) { jobStateChanged(ids: $ids) { ... on JobStateChange { state } } }';
    await gateway.ask('{ __typename }');
    clock.forget();
    follow(gateway, query, { ids });
    const read = service === 'DATA_EXCHANGE' ? 'GetJob' : 'GetStatus';
    await expect.poll(() => count(`${name}.${read}`)).toBe(1);
    await expect.poll(() => clock.longestMs).toBeGreaterThan(60_000);
    expect(clock.longestMs).toBeLessThanOrEqual(longestWaitMs * 1.25);
  });
});

describe('A token for the next page', () => {
  test('of 8,192 characters is sent, and fits a cursor', async () => {
    const token = 't'.repeat(8_192);
    const answering: Responder = ({ parameters }) => ({
      body: parameters.get('nextToken') === token ? { Jobs: [wireJob(1)] } : { Jobs: [wireJob(0)], NextToken: token },
    });
    const { services } = await sendQuery('{ __typename }', answering);
    const query =
      'query ($after: String) { jobs(first: 1, after: $after, filter: { service: DATA_EXCHANGE }) { nodes { awsJobId } pageInfo { endCursor hasNextPage } } }';
    const first = pageIn(await services.gateway.ask(query));
    const second = pageIn(await services.gateway.ask(query, { after: first.pageInfo.endCursor }));
    expect([...first.nodes, ...second.nodes]).toEqual([{ awsJobId: wireId(0) }, { awsJobId: wireId(1) }]);
  });

  test.each([
    ['of 8,193 characters', 't'.repeat(8_193)],
    ['of a megabyte', 't'.repeat(1_000_000)],
    ['that is a number', 1e308],
    ['that is a list', [[]]],
  ])('%s is never sent: its page has its jobs, and ends with an error.', async (_title, NextToken) => {
    const { answer, services } = await sendQuery(jobsOf('DATA_EXCHANGE'), () => ({
      body: { Jobs: [wireJob(0)], NextToken },
    }));
    expect(pageIn(answer).nodes).toEqual([{ awsJobId: wireId(0) }, null]);
    expect(pageIn(answer).pageInfo.hasNextPage).toBe(false);
    expect(codesOf(answer)).toEqual(['UPSTREAM_BAD_RESPONSE']);
    expect(services.count('DataExchange.ListJobs')).toBe(1);
  });

  test.each(['again', 'counted'])(
    'that is for ever %s costs the watcher of new jobs a bounded walk.',
    async (kind) => {
      let made = 0;
      const { gateway, calls } = await startScripted(() => {
        made += 1;
        return { body: { Jobs: [wireJob(0), wireJob(1)], NextToken: kind === 'again' ? kind : `${made}` } };
      });
      follow(gateway, 'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { cursor } }');
      // The walk ends, and the next one begins without a token.
      const walks = () => calls.filter(({ parameters }) => !parameters.has('nextToken')).length;
      await expect.poll(walks, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
      expect(calls.slice(1).findIndex(({ parameters }) => !parameters.has('nextToken'))).toBeLessThan(
        kind === 'again' ? 2 : 100,
      );
    },
    40_000,
  );

  test('that is always the same costs reads by id two pages', async () => {
    const { services } = await sendQuery('{ __typename }', ({ awsJobId }) =>
      awsJobId === '' ? { body: { Jobs: [wireJob(0)], NextToken: 'again' } } : { body: wireJob(Number(awsJobId)) },
    );
    const ids = Array.from({ length: 20 }, (_, number) =>
      Buffer.from(`DataExchangeJob:${wireId(number)}`).toString('base64url'),
    );
    const { errors } = await services.gateway.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(errors).toBeUndefined();
    expect(services.count('DataExchange.ListJobs')).toBe(2);
    expect(services.count('DataExchange.GetJob')).toBe(19);
  });
});

describe('The header Date of a refused signature', () => {
  const refusals = {
    DATA_EXCHANGE: { status: 403, name: 'InvalidSignatureException', body: '{}' },
    IMPORT_EXPORT: {
      status: 403,
      name: '',
      body: '<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>',
    },
  };
  const refusing = (service: keyof typeof refusals, date: string) => () => {
    const { status, name, body } = refusals[service];
    return { status, headers: { 'x-amzn-errortype': name, date }, body };
  };

  test.each([
    ['of 9999', 'Fri, 31 Dec 9999 23:59:59 GMT'],
    ['of 2100', 'Fri, 01 Jan 2100 00:00:00 GMT'],
    ['of 2009', 'Thu, 31 Dec 2009 23:59:59 GMT'],
    ['of 1970', 'Thu, 01 Jan 1970 00:00:00 GMT'],
    ['of 275760', 'Sun, 13 Sep 275760 00:00:00 GMT'],
    ['in another form', '2030-01-01T00:00:00Z'],
    ['of one digit', '1'],
    ['of four hundred digits', '9'.repeat(400)],
  ])('%s is not believed: nothing is signed for such a day.', async (_title, date) => {
    for (const [service, name] of services) {
      const { services: scripted } = await sendQuery(jobsOf(service), refusing(service, date));
      expect(scripted.count(`${name}.ListJobs`)).toBe(1);
    }
  });

  test('is believed from 2010 to 2099, once', async () => {
    for (const [service, name] of services) {
      for (const date of ['Fri, 01 Jan 2010 00:00:00 GMT', 'Thu, 31 Dec 2099 23:59:59 GMT']) {
        const { services: scripted } = await sendQuery(jobsOf(service), refusing(service, date));
        expect(scripted.count(`${name}.ListJobs`)).toBe(2);
        const year = /\d{4}/.exec(date)?.[0] ?? '';
        expect(String(scripted.calls[1]?.headers['x-amz-date'])).toMatch(new RegExp(`^${year}`));
      }
    }
  });
});

describe('The date of a job', () => {
  test.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 0, 253_402_300_799])(
    '%j reaches callers with a year of four digits',
    async (date) => {
      const { answer } = await sendQuery(
        jobsOf('DATA_EXCHANGE', 'createdAt ... on DataExchangeJob { updatedAt }'),
        () => ({
          body: { Jobs: [wireJob(0, { CreatedAt: date, UpdatedAt: date })] },
        }),
      );
      const shown = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
      expect(pageIn(answer).nodes).toEqual([{ createdAt: shown, updatedAt: shown }]);
    },
  );

  test.each([
    ['In the year 10000 by an offset,', '9999-12-31T23:59:59-23:59'],
    ['In the year before 0 by an offset,', '0000-01-01T00:00:00+23:59'],
    ['In the last year of all,', '+275760-09-13T00:00:00Z'],
    ['In seconds beyond 9999,', 253_402_300_800],
    ['In seconds beyond all years,', 1e308],
    ['Before 1970 in seconds,', -1],
    ['In a hundred thousand digits,', '9'.repeat(100_000)],
  ])('%s makes only that job unreadable.', async (_title, date) => {
    for (const changes of [{ CreatedAt: date }, { UpdatedAt: date }]) {
      const { answer } = await sendQuery(jobsOf('DATA_EXCHANGE'), () => ({
        body: { Jobs: [wireJob(0, changes), wireJob(1)] },
      }));
      expect(pageIn(answer).nodes).toEqual([null, { awsJobId: wireId(1) }]);
    }
  });

  test.each(['9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z', '253402300799', '0'])(
    'Of Import/Export %s reaches callers with a year of four digits, or costs the job its place',
    async (date) => {
      const { answer } = await sendQuery(jobsOf('IMPORT_EXPORT', 'createdAt'), () => ({
        body: wireList([{ id: 'A', date }, { id: 'B' }], false),
      }));
      const shown = { createdAt: expect.stringMatching(/^\d{4}-/) };
      expect([shown, null]).toContainEqual(pageIn(answer).nodes[0]);
      expect(pageIn(answer).nodes[1]).toEqual(shown);
    },
  );

  test.each(['9999-12-31T23:59:59Z', '0001-01-01T00:00:00Z'])(
    '%s hides no job from those who watch for new ones.',
    async (date) => {
      const jobs = [wireJob(100, { CreatedAt: date, UpdatedAt: date }), wireJob(200)];
      const { gateway, count } = await startScripted(() => ({ body: { Jobs: jobs } }));
      const events = gateway.client().iterate<{ jobActivity: { job: { awsJobId: string } } }>({
        query:
          'subscription { jobActivity(filter: { service: DATA_EXCHANGE }) { ... on JobStateChange { job { awsJobId } } } }',
      });
      const announced: string[] = [];
      const all = (async () => {
        for await (const { data } of events) {
          announced.push(data?.jobActivity.job.awsJobId ?? '');
          if (announced.at(-1) === wireId(50)) return;
        }
      })();
      await expect.poll(() => count('DataExchange.ListJobs')).toBeGreaterThan(1);
      jobs.unshift(wireJob(50));
      await all;
      // A job from the future is new, once.
      expect(announced).toEqual([...(date.startsWith('9') ? [wireId(100)] : []), wireId(50)]);
    },
  );
});

describe('A count or a text of Import/Export', () => {
  const statusWith = (member: string, text: string) =>
    `<GetStatusResponse><GetStatusResult><JobId>A</JobId><JobType>Import</JobType><CreationDate>2024-03-01T09:30:00Z</CreationDate><ProgressCode>Complete</ProgressCode><LogBucket>b</LogBucket><${member}>${text}</${member}></GetStatusResult></GetStatusResponse>`;
  const progress = (fields: string) =>
    `{ job(id: "${Buffer.from('ImportExportJob:A').toString('base64url')}") { ... on ImportExportJob { progress { ${fields} } } } }`;

  test.each([
    ['that Int has', 'ErrorCount', '2147483647', 'errorCount', 2_147_483_647],
    ['that Int lacks', 'ErrorCount', '2147483648', 'errorCount', null],
    ['of a thousand digits', 'ErrorCount', '9'.repeat(1_000), 'errorCount', null],
    ['below nought', 'ErrorCount', '-1', 'errorCount', null],
    ['longer than a key of S3', 'LogKey', 'k'.repeat(1_025), 'log { key }', null],
  ])('%s is shown in %s, or is null there.', async (_title, member, text, fields, expected) => {
    const { answer } = await sendQuery(progress(fields), () => ({ body: statusWith(member, text) }));
    const [name = ''] = fields.split(' ');
    expect(answer).toEqual({ data: { job: { progress: { [name]: expected } } } });
  });

  test('ProgressMessage of half a megabyte is cut to a thousand characters', async () => {
    const body = statusWith('ProgressMessage', 'm'.repeat(500_000));
    const { answer } = await sendQuery(progress('message'), () => ({ body }));
    expect(answer).toEqual({ data: { job: { progress: { message: `${'m'.repeat(1_000)}…` } } } });
  });

  test.each(['ProgressCode', 'JobId'])('%s of half a megabyte makes the job unreadable', async (member) => {
    const body = statusWith('Carrier', 'c').replace(new RegExp(`<${member}>\\w+`), `<${member}>${'x'.repeat(500_000)}`);
    const { answer } = await sendQuery(progress('code'), () => ({ body }));
    expect(codesOf(answer)).toEqual(['UPSTREAM_BAD_RESPONSE']);
  });
});

test.each([
  ['1e308', 1e308],
  ['1e999', null],
  ['-1e999', null],
  ['"1"', null],
])('The value of a quota %s is a number that JSON has, or the limit is null.', async (LimitValue, value) => {
  const job = JSON.stringify(wireJob(0, { State: 'ERROR', Errors: [{ Code: 'A', LimitName: 'n', LimitValue: 0 }] }));
  const { answer } = await sendQuery(
    jobsOf('DATA_EXCHANGE', '... on DataExchangeJob { errors { limit { value } } }'),
    () => ({
      body: `{"Jobs":[${job.replace('"LimitValue":0', `"LimitValue":${LimitValue}`)}]}`,
    }),
  );
  expect(pageIn(answer).nodes).toEqual([{ errors: [{ limit: value === null ? null : { value } }] }]);
});

test('An entry is unreadable if its id has more characters than a cursor holds', async () => {
  const { answer } = await sendQuery(jobsOf('DATA_EXCHANGE'), () => ({
    body: { Jobs: [wireJob(0, { Id: 'x'.repeat(65) }), wireJob(1)] },
  }));
  expect(pageIn(answer).nodes).toEqual([null, { awsJobId: wireId(1) }]);
});
