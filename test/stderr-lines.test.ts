/** The log of a process whose reader is slow. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtProgram } from './support/child-gateway.ts';

/** More than is kept for a reader that takes nothing, and then the last words. */
const chatter = (folder: string): string => `
  import { StderrLines } from ${JSON.stringify(`file://${join(folder, 'stderr-lines.js')}`)};
  const { write } = new StderrLines({ schedule: (then, ms) => { const timer = setTimeout(then, ms); return () => clearTimeout(timer); } });
  const line = (number) => write(JSON.stringify({ number, text: 'x'.repeat(1_000) }) + '\\n');
  for (let number = 0; number < 3_000; number += 1) line(number);
  console.log('written');
  process.stdin.once('data', () => {
    line(3_000);
    process.exit(0);
  });
`;

test('a reader that begins late finds whole lines in order, how many are missing, and the last words', async () => {
  const args = ['--input-type=module', '--eval', chatter(await builtProgram())];
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (/"number":[89]\d\d,/.test(piece)) child.stdin.write('end');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  expect(text.at(-1)).toBe('\n');
  const records: { number?: number; linesLost?: number }[] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const numbers = records.flatMap(({ number }) => number ?? []);
  const lost = records.flatMap(({ linesLost }) => linesLost ?? []);
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect(numbers.at(-1)).toBe(3_000);
  expect(lost).toEqual([3_001 - numbers.length]);
});
