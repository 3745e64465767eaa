import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { elementText, elementTexts, type Harness, startEmulator } from './harness.ts';

function withDemoJobs(): Harness {
  const harness = startEmulator();
  harness.emulator.addDemoJobs();
  return harness;
}

async function exchangeStates({ exchange }: Harness): Promise<Record<string, number>> {
  const { Jobs } = (await exchange('GET', '/v1/jobs?maxResults=200')).json;
  const createdAt = Jobs.map(({ CreatedAt }) => CreatedAt);
  expect(createdAt).toEqual([...createdAt].sort().reverse());
  return tally(Jobs.map(({ State }) => State));
}

async function deviceStates({ device }: Harness): Promise<Record<string, number>> {
  const ids = elementTexts(await device('ListJobs'), 'JobId');
  const replies = await Promise.all(ids.map((JobId) => device('GetStatus', { JobId })));
  return tally(replies.map((reply) => `${elementText(reply, 'LocationCode')} ${elementText(reply, 'ProgressCode')}`));
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

test('the demo ids have the form of the service’s ids', () => {
  const ids = Object.entries(demo).filter(([name]) => name.endsWith('Id') && name !== 'expectedDeviceJobId');
  expect(ids).toHaveLength(11);
  for (const [name, id] of ids) expect([name, id]).toEqual([name, expect.stringMatching(/^[0-9a-f]{32}$/)]);
  expect(new Set(ids.map(([, id]) => id)).size).toBe(ids.length);
  expect(demo.expectedDeviceJobId).toMatch(/^[1-9A-NP-Z]{5}$/);
});

test('the demo jobs of Data Exchange have every state, and some move for several minutes', async () => {
  const harness = withDemoJobs();
  const finished = { CANCELLED: 1, ERROR: 2, TIMED_OUT: 1 };
  expect(await exchangeStates(harness)).toEqual({ ...finished, COMPLETED: 2, IN_PROGRESS: 1, WAITING: 7 });
  await harness.clock.advance(60_000);
  expect(await exchangeStates(harness)).toEqual({ ...finished, COMPLETED: 4, IN_PROGRESS: 1, WAITING: 5 });
  await harness.clock.advance(10 * 60_000);
  expect(await exchangeStates(harness)).toEqual({ ...finished, COMPLETED: 8, WAITING: 2 });
});

test('the demo jobs of Import/Export have many states, and some move for several minutes', async () => {
  const harness = withDemoJobs();
  const finished = {
    'AtAWS MissingSignature': 1,
    'NotReceived Canceled': 1,
    'Returned Complete': 1,
    'Returned DeviceError': 1,
    'Returned SuccessWithErrors': 1,
  };
  expect(await deviceStates(harness)).toEqual({ ...finished, 'NotReceived Pending': 3, 'AtAWS Pending': 1 });
  await harness.clock.advance(80_000);
  expect(await deviceStates(harness)).toEqual({
    ...finished,
    'NotReceived Pending': 2,
    'AtAWS InProgress': 1,
    'AtAWS Complete': 1,
  });
  await harness.clock.advance(10 * 60_000);
  expect(await deviceStates(harness)).toEqual({
    ...finished,
    'NotReceived Pending': 1,
    'Returned Complete': 2,
    'Returned SuccessWithErrors': 2,
    'Returned DeviceError': 2,
  });
});

test('the waiting demo jobs can be started and cancelled', async () => {
  const harness = withDemoJobs();
  expect((await harness.exchange('PATCH', `/v1/jobs/${demo.waitingJobId}`)).status).toBe(202);
  expect((await harness.exchange('DELETE', `/v1/jobs/${demo.otherWaitingJobId}`)).status).toBe(204);
  expect((await harness.device('CancelJob', { JobId: demo.expectedDeviceJobId })).status).toBe(200);
});

test('a demo job can be cancelled before its scheduled start', async () => {
  const harness = withDemoJobs();
  const { Jobs } = (await harness.exchange('GET', '/v1/jobs?maxResults=1')).json;
  const path = `/v1/jobs/${Jobs[0]?.Id}`;
  expect((await harness.exchange('DELETE', path)).status).toBe(204);
  await harness.clock.advance(10 * 60_000);
  expect((await harness.exchange('GET', path)).json.State).toBe('CANCELLED');
});
