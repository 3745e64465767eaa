/** How much a gateway that runs as a process of its own holds, asked by a signal that it leaves alone. */
import { expect } from 'vitest';
import type { ChildGateway } from './child-gateway.ts';

/** Twice, as finalizers release what the first collection found. */
const code = `process.on('SIGWINCH', () => {
  gc();
  setTimeout(() => { gc(); console.log('heap ' + process.memoryUsage().heapUsed); }, 50);
});`;

/** For Node, before the program of a child that `heapOf` is to be asked of. */
export const heapArgs: readonly string[] = [
  '--expose-gc',
  '--import',
  `data:text/javascript,${encodeURIComponent(code)}`,
];

/** Bytes after a full collection. */
export async function heapOf(child: ChildGateway): Promise<number> {
  const told = (): readonly number[] =>
    [...child.stdout().matchAll(/^heap (\d+)$/gm)].map(([, bytes]) => Number(bytes));
  const before = told().length;
  child.kill('SIGWINCH');
  await expect.poll(() => told().length, { timeout: 10_000 }).toBe(before + 1);
  return told().at(-1) ?? Number.NaN;
}
