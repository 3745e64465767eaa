import { expect, test } from 'vitest';
import { Choices } from '../../../src/emulator/variety/choices.ts';
import { Connections } from '../../../src/emulator/variety/connections.ts';
import type { Answer } from '../../support/gateway.ts';
import { seeded, startVaried } from './variety-gateway.ts';

const listJobs = '{ jobs(first: 3) { nodes { id } unavailableServices { code } } }';
const anyNode = { id: expect.any(String) };

seeded('no read fails because a connection closes', async (seed) => {
  const { ask, emulator, complaints } = await startVaried(seed);
  await emulator.seed({ dataExchange: 2, importExport: 1 });
  const answers: Answer[] = [];
  for (let count = 0; count < 40; count += 1) answers.push(await ask(listJobs));
  for (const answer of answers) {
    expect(answer).toEqual({ data: { jobs: { nodes: [anyNode, anyNode, anyNode], unavailableServices: [] } } });
  }
  expect(complaints).toEqual([]);
});

test('Connections end in three ways, and the first request of a connection is always answered', () => {
  const connections = new Connections(new Choices('1'));
  const fresh = Array.from({ length: 300 }, () => connections.endOf('/v1/jobs', false));
  const used = Array.from({ length: 300 }, () => connections.endOf('/', true));
  expect(new Set(fresh)).toEqual(new Set([undefined, 'announced', 'silent']));
  expect(new Set(used)).toEqual(new Set([undefined, 'unanswered', 'announced', 'silent']));
  const control = Array.from({ length: 300 }, () => connections.endOf('/_emulator/requests', true));
  expect(new Set(control)).toEqual(new Set([undefined]));
});
