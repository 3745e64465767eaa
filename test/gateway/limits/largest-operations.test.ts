/** The largest operations of real clients are answered with the default limits. */
import { getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { whileJobsAppear } from '../../support/appearing-jobs.ts';
import { clientOperations } from '../../support/documents.ts';
import { globalId } from '../../support/examples.ts';
import { startGateway } from '../../support/gateway.ts';
import { cursorsOf, openEvents, openSocket, until, watchJobs } from '../../support/live.ts';
import { sendOver } from '../../support/raw-requests.ts';
import { type Spelled, spellings } from '../../support/spellings.ts';

test.each(clientOperations)('$title is answered over HTTP and WebSocket', async ({ query, variables = {} }) => {
  const gateway = await startGateway();
  const { operation = 'query' } = getOperationAST(parse(query)) ?? {};
  for (const send of Object.values(sendOver)) {
    const outcome = send(gateway, JSON.stringify({ query, variables }), { operation });
    if (query.includes('jobActivity')) await whileJobsAppear(gateway, outcome);
    expect(await outcome).toEqual({ data: expect.anything() });
  }
});

test.each(Object.entries(spellings))(
  'A stream of 100 jobs resumes with its longest cursor, %s',
  async (_title, spell) => {
    const gateway = await startGateway();
    const { dataExchange } = await gateway.emulator.seed({ dataExchange: 1 });
    const present = dataExchange[0] ?? '';
    // Jobs that do not exist are reported as gone, and the cursor names each.
    const absent = Array.from({ length: 99 }, (_, index) => String(index).padStart(40, 'a'));
    const ids = [present, ...absent].map((id) => globalId('DataExchangeJob', id));
    const raw = await openSocket(gateway.url);
    raw.subscribe('1', watchJobs, { ids });
    await until(() => cursorsOf(raw.resultsOf('1')).length === 100);
    const longest = cursorsOf(raw.resultsOf('1')).reduce((one, other) => (other.length > one.length ? other : one));
    expect(longest.length).toBeGreaterThan(400);
    const values = (schema.getSubscriptionType()?.getFields()['jobStateChanged']?.args ?? []).map((argument) => ({
      argument,
      value: argument.name === 'ids' ? ids : longest,
    }));
    const request: Spelled = {
      operation: 'subscription',
      field: 'jobStateChanged',
      values,
      selection: '{ __typename }',
    };
    await gateway.emulator.move(present, { state: 'IN_PROGRESS' });
    const events = await openEvents(gateway.url, { ids }, { 'last-event-id': longest });
    for (const send of Object.values(sendOver))
      expect(await send(gateway, spell(request), request)).toEqual({ data: { jobStateChanged: expect.anything() } });
    await until(() => events.results().length > 0);
    expect(events.results()[0]).not.toHaveProperty('errors');
  },
);
