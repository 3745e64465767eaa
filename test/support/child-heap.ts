/** The heap size of a gateway process, requested by a signal that the gateway does not use. */
import { expect } from 'vitest';
import type { ChildGateway } from './child-gateway.ts';

/** Collects twice, as finalizers release what the first collection found. */
const code = `process.on('SIGWINCH', () => {
  gc();
  setTimeout(() => { gc(); console.log('heap ' + process.memoryUsage().heapUsed); }, 50);
});`;

/** Node options of a child for `heapOf`. */
export const heapArgs: readonly string[] = [
  '--expose-gc',
  '--import',
  `data:text/javascript,${encodeURIComponent(code)}`,
];

/** Bytes in use after a full collection. */
export async function heapOf(child: ChildGateway): Promise<number> {
  const reported = (): readonly number[] =>
    [...child.stdout().matchAll(/^heap (\d+)$/gm)].map(([, bytes]) => Number(bytes));
  const before = reported().length;
  child.kill('SIGWINCH');
  await expect.poll(() => reported().length, { timeout: 10_000 }).toBe(before + 1);
  return reported().at(-1) ?? Number.NaN;
}
