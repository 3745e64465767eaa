/** Bad replies of Import/Export through the running gateway: each makes only its own field null, and no text of it is shown. */
import { expect, test } from 'vitest';
import { globalId } from '../../support/examples.ts';
import { field, startGateway } from '../../support/gateway.ts';
import {
  expectNothingLeaked,
  expectOnePlaceEmpty,
  expectOtherHalfIntact,
  listedJob,
  listJobsReply,
  planted,
  statusReply,
} from '../../support/replies.ts';

const html = `<html><body><h1>${planted}</h1></body></html>`;
const sound = listJobsReply(`${listedJob('AAAAA')}<!-- ${planted} -->`);
const laughs = Array.from({ length: 10 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`);

const badBodies: [title: string, fault: Record<string, unknown>][] = [
  ['an empty body', { body: '' }],
  ['a body of white space', { body: ' \r\n\t' }],
  ['plain text', { body: planted }],
  ['JSON', { body: JSON.stringify({ ListJobsResponse: planted }) }],
  ['an HTML page with 200', { body: html }],
  ['a body cut inside a tag', { body: sound.slice(0, sound.indexOf('</ListJobsResult') + 5) }],
  ['a body that breaks off', { body: sound, truncateAt: 60 }],
  ['mismatched tags', { body: sound.replace('</Jobs>', '</Job>') }],
  ['two roots', { body: sound + sound }],
  ['a reference behind the root', { body: `${sound}&amp;` }],
  ['an external entity', { body: `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${sound}` }],
  ['an external DTD', { body: `<!DOCTYPE a SYSTEM "http://127.0.0.1:9/${planted}">${sound}` }],
  ['a billion laughs', { body: `<!DOCTYPE a [<!ENTITY e0 "ha">${laughs.join('')}]><a>&e10;</a>` }],
  ['a quadratic blow-up', { body: `<!DOCTYPE a [<!ENTITY e "${planted}">]><a>${'&e;'.repeat(10_000)}</a>` }],
  ['5 MB of numeric references', { body: `<a>${'&#65;'.repeat(1_000_000)}</a>` }],
  ['an entity named like a regular expression', { body: '<!DOCTYPE a [<!ENTITY .*+( "x">]><a>&.*+(;</a>' }],
  ['a tag named __proto__', { body: sound.replace('<Jobs>', `<__proto__><a>${planted}</a></__proto__><Jobs>`) }],
  ['100,000 levels', { body: `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}` }],
  ['50,000 attributes', { body: `<a ${Array.from({ length: 50_000 }, (_, at) => `a${at}=""`).join(' ')}/>` }],
  ['a declared encoding that it has not', { body: `<?xml version="1.0" encoding="UTF-16"?>${sound}` }],
  ['a body over the limit', { body: sound.padEnd(1_048_577) }],
  ['a reference to nothing', { body: sound.replace('AAAAA', '&nbsp;') }],
];

test.each(badBodies)('%s makes only the jobs of Import/Export unavailable', async (_title, fault) => {
  const gateway = await startGateway();
  await gateway.emulator.seed({ dataExchange: 4, importExport: 1 });
  await gateway.emulator.fail('ImportExport.ListJobs', { status: 200, ...fault }, 10);
  await expectOtherHalfIntact(gateway, 'IMPORT_EXPORT', 'UPSTREAM_BAD_RESPONSE');
  expect({}).not.toHaveProperty('a');
});

test('An HTML page with 503 is retryable', async () => {
  const gateway = await startGateway();
  await gateway.emulator.seed({ dataExchange: 4 });
  await gateway.emulator.fail('ImportExport.ListJobs', { status: 503, body: html }, 10);
  await expectOtherHalfIntact(gateway, 'IMPORT_EXPORT', 'UPSTREAM_UNAVAILABLE');
});

test.each([
  ['an empty body', ''],
  ['an HTML page', html],
  ['a DOCTYPE', `<!DOCTYPE a><a>${planted}</a>`],
  ['a job of somebody else', statusReply('ZZZZZ', 'Pending', `<Carrier>${planted}</Carrier>`)],
])('%s makes one job by id null', async (_title, body) => {
  const gateway = await startGateway();
  const { importExport, dataExchange } = await gateway.emulator.seed({ dataExchange: 1, importExport: 1 });
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 200, body }, 10);
  const ids = [globalId('ImportExportJob', importExport[0] ?? ''), globalId('DataExchangeJob', dataExchange[0] ?? '')];
  await expectOnePlaceEmpty(gateway, ids, 'UPSTREAM_BAD_RESPONSE');
});

test('an empty reply to a create leaves its outcome unknown, and it is not sent again', async () => {
  const gateway = await startGateway();
  await gateway.emulator.fail('ImportExport.CreateJob', { status: 200, body: '', afterCommit: true }, 10);
  await gateway.emulator.forgetRequests();
  const answer = await gateway.ask(
    `mutation ($text: String!) {
      createImportExportJob(input: { manifest: { text: { direction: IMPORT, text: $text } } }) { job { id } }
    }`,
    { text: 'manifestVersion: 2.0' },
  );
  expect(answer.errors).toMatchObject([{ extensions: { code: 'OUTCOME_UNKNOWN', retryable: false } }]);
  expect(await gateway.emulator.requests()).toEqual({ 'ImportExport.CreateJob': 1 });
});

test('an empty list and lists of one and of two are lists, with ids as text', async () => {
  const gateway = await startGateway();
  const query = '{ jobs(filter: { service: IMPORT_EXPORT }) { nodes { awsJobId } } }';
  for (const ids of [[], ['00123'], ['1E5', '0X1F']]) {
    const body = listJobsReply(ids.map((id) => listedJob(id, true)).join(''));
    await gateway.emulator.fail('ImportExport.ListJobs', { status: 200, body });
    const { data } = await gateway.ask(query);
    expect(data).toEqual({ jobs: { nodes: ids.map((awsJobId) => ({ awsJobId })) } });
  }
});

test('references and CDATA are decoded once', async () => {
  const gateway = await startGateway();
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const [awsJobId = ''] = importExport;
  const manifest = '<CurrentManifest>a: &amp;lt;&#10;b: <![CDATA[<&amp;>]]></CurrentManifest>';
  const body = statusReply(awsJobId, 'Pending', manifest);
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 200, body }, 10);
  const query = 'query ($id: ID!) { job(id: $id) { ... on ImportExportJob { manifest } } }';
  const { data } = await gateway.ask(query, { id: globalId('ImportExportJob', awsJobId) });
  expect(data).toEqual({ job: { manifest: 'a: &lt;\nb: <&amp;>' } });
});

test.each([
  ['an error reply with 200', 200],
  ['an error reply with 400', 400],
  ['an error reply with 403', 403],
])('%s keeps its code and drops its text', async (_title, status) => {
  const gateway = await startGateway();
  const body = `<ErrorResponse><Error><Code>SomethingNewException</Code><Message>${planted}</Message></Error></ErrorResponse>`;
  await gateway.emulator.fail('ImportExport.GetStatus', { status, body }, 10);
  const answer = await gateway.ask('query ($id: ID!) { job(id: $id) { id } }', {
    id: globalId('ImportExportJob', 'AAAAA'),
  });
  expect(answer.errors).toMatchObject([
    { extensions: { code: 'UPSTREAM_REJECTED', awsCode: 'SomethingNewException', retryable: false } },
  ]);
  expectNothingLeaked(gateway, answer);
});

test('a progress code newer than the gateway is a state UNKNOWN of a job that is still listed', async () => {
  const gateway = await startGateway();
  const { importExport } = await gateway.emulator.seed({ importExport: 1 });
  const body = statusReply(importExport[0] ?? '', 'Levitating');
  await gateway.emulator.fail('ImportExport.GetStatus', { status: 200, body }, 10);
  const { data, errors } = await gateway.ask(
    '{ jobs(first: 1) { nodes { state isFinished ... on ImportExportJob { progress { code } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    jobs: { nodes: [{ state: 'UNKNOWN', isFinished: false, progress: { code: 'Levitating' } }] },
  });
});

test('A list that never ends costs a bounded number of calls', async () => {
  const gateway = await startGateway();
  const body = listJobsReply(listedJob('AAAAA') + listedJob('BBBBB'), true);
  await gateway.emulator.fail('ImportExport.ListJobs', { status: 200, body }, 1_000);
  await gateway.emulator.forgetRequests();
  const { data } = await gateway.ask('{ jobs(first: 50, filter: { service: IMPORT_EXPORT }) { nodes { id } } }');
  expect(field<{ nodes: unknown[] }>(data, 'jobs').nodes.length).toBeLessThanOrEqual(50);
  const { 'ImportExport.ListJobs': calls = 0 } = await gateway.emulator.requests();
  expect(calls).toBeLessThanOrEqual(3);
});
