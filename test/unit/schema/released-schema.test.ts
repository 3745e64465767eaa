/** Checks the changes since the last release that could break a client: each is accepted here, with its reason. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { acceptedChanges } from './accepted-changes.ts';

const released = readdirSync(import.meta.dirname).filter((name) => /^released-.*\.graphql$/.test(name));

async function breakingChanges(): Promise<readonly string[]> {
  const sdl = readFileSync(join(import.meta.dirname, released[0] ?? ''), 'utf8');
  const changes = await diff(buildSchema(sdl), schema);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

test('There is one released schema to compare with', () => {
  expect(released).toHaveLength(1);
});

test('Every change since the release that could break a client is accepted with a reason', async () => {
  const unaccepted = (await breakingChanges()).filter((change) => !acceptedChanges.includes(change));
  expect(unaccepted).toEqual([]);
});

test('Every accepted change is one that was made', async () => {
  const made = await breakingChanges();
  expect(acceptedChanges.filter((change) => !made.includes(change))).toEqual([]);
});
