/** The log of a process with a slow reader. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const source = join(import.meta.dirname, '..', '..', '..', 'src', 'log', 'stderr-lines.ts');
let stderrLines = '';

beforeAll(async () => {
  const bundle = await rolldown({ input: source, platform: 'node' });
  const { output } = await bundle.generate({ format: 'esm' });
  stderrLines = output[0].code;
});

const withLines = (program: string): string => `${stderrLines}
  const { write } = new StderrLines({ schedule: (then, ms) => { const timer = setTimeout(then, ms); return () => clearTimeout(timer); } });
  ${program}
`;

/** Writes more lines than are kept for a reader that has stopped, and then a last one. */
const chatter = (isUrgent: boolean): string => `
  const line = (number) => write(JSON.stringify({ number, text: 'x'.repeat(1_000) }) + '\\n', ${isUrgent});
  for (let number = 0; number < 3_000; number += 1) line(number);
  console.log('written');
  process.stdin.once('data', () => {
    line(3_000);
    process.exit(0);
  });
`;

function run(program: string): ChildProcessWithoutNullStreams {
  const args = ['--input-type=module', '--eval', withLines(program)];
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

test.each([
  ['urgent', true],
  ['usual', false],
])(
  'a late reader of %s lines gets whole lines in order, the number of lost lines, and the last line',
  async (_, isUrgent) => {
    const child = run(chatter(isUrgent));
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
  },
);

test.each([
  ['with one', "write('1\\n', false); write('2\\n', true); write('3\\n', false);", '1\n2\n'],
  ['with none', "write('1\\n', false);", ''],
])('info lines wait a moment to be written together, or for an urgent line (%s)', async (_, program, written) => {
  const child = run(`${program} process.kill(process.pid, 'SIGKILL');`);
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(text).toBe(written);
});
