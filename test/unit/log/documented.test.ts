/** Compares docs/operations.md with the lines that the gateway can write. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { operationLine } from '../../../src/log/operation-line.ts';
import type { OperationRecord } from '../../../src/log/operation-record.ts';
import { textOf } from '../../support/deploy-files.ts';

const [, section = ''] = textOf('docs/operations.md').split('\n## The log\n');
const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));

/** A record with every member. */
const record: Required<OperationRecord> = {
  transport: 'sse',
  durationMs: 1,
  codes: ['FORBIDDEN'],
  operation: 'Jobs',
  document: '0123456789abcdef',
  kind: 'subscription',
  cost: 1,
  events: 1,
  caller: '0123456789abcdef',
};

test('every member of the line of an operation is documented, and no other', () => {
  const members = Object.keys(JSON.parse(operationLine(record, 'info', 0)));
  const documented = rows.flatMap((row) => /^\| `(\w+)` \| [^|]+ \|$/.exec(row)?.[1] ?? []);
  expect(['level', 'time', 'msg', ...documented].toSorted()).toEqual(members.toSorted());
});

const folder = join(import.meta.dirname, '..', '..', '..', 'src');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('emulator/'))
  .map((file) => ({ file, text: textOf(join('src', file)) }));

test('every other line that is documented stands in the sources', () => {
  const fragments = rows.flatMap((row) => /^\| (?:error|warn|info) \| `([^`]+)` \|/.exec(row)?.[1] ?? []);
  expect(fragments.length).toBeGreaterThan(15);
  const code = sources
    .map(({ text }) => text)
    .join('\n')
    .replace(/'\s*\+\s*'/g, '');
  expect(fragments.filter((fragment) => !code.includes(fragment))).toEqual([]);
});

test('the log is written only where its lines are documented: describe a new one in docs/operations.md', () => {
  const call = /(?:\blog|logger\.(?:error|warn|info)|#options\.log|\bnotice)\((?!\))/g;
  const places = sources
    .filter(({ file }) => !file.startsWith('log/'))
    .map(({ file, text }) => `${file} ${text.match(call)?.length ?? 0}`)
    .filter((place) => !place.endsWith(' 0'));
  expect(places.toSorted()).toMatchInlineSnapshot(`
    [
      "app/assembly.ts 3",
      "app/storage.ts 1",
      "cli/process-handlers.ts 3",
      "cli/serve.ts 4",
      "execution/operations.ts 1",
      "identity/key-set.ts 2",
      "identity/token-authenticator.ts 3",
      "store/redis-store.ts 1",
      "store/redis.ts 2",
      "store/store-faults.ts 2",
      "transport/listener.ts 1",
      "transport/websocket.ts 1",
    ]
  `);
});
