/** What each recipe shows, whatever library it is made with. */
import { expect } from 'vitest';
import { demo } from '../../../../src/emulator/demo.ts';
import type { Recipe } from './recipe.ts';

const slowly = { timeout: 20_000, interval: 100 };

/** The rows of the table: the id that the service gave each job, and its state. */
export async function rowsOf({ page }: Recipe): Promise<Record<string, string>> {
  const rows = await page.$$eval('tbody tr', (all) =>
    all.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent ?? '')),
  );
  return Object.fromEntries(rows.map(([awsJobId = '', state = '']) => [awsJobId, state]));
}

/** Waits until the row of a job has a state. */
export async function untilState(recipe: Recipe, awsJobId: string, state: string): Promise<void> {
  await expect.poll(async () => (await rowsOf(recipe))[awsJobId], slowly).toBe(state);
}

export async function untilRows(recipe: Recipe, count: number): Promise<void> {
  await expect.poll(async () => Object.keys(await rowsOf(recipe)).length, slowly).toBe(count);
}

/** Fills the form in and sends it. */
export async function submitImport({ page }: Recipe, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await page.fill(`input[name=${name}]`, value);
  await page.click('button[type=submit]');
}

export const goodImport = {
  dataSetId: demo.dataSetId,
  revisionId: demo.revisionId,
  bucket: demo.bucket,
  key: 'prices/2024/01.csv',
};

/** Reads the list to its end by "More", 20 jobs a page. */
export async function readsThePages(recipe: Recipe, total: number): Promise<void> {
  for (let shown = 20; shown < total; shown += 20) {
    await untilRows(recipe, shown);
    await recipe.page.click('text=More');
  }
  await untilRows(recipe, total);
  await expect.poll(() => recipe.page.locator('text=More').count(), slowly).toBe(0);
}

/** Every fault of the input is beside its field, and what is right is created once and appears by itself. */
export async function createsAnImport(recipe: Recipe): Promise<void> {
  const { page } = recipe;
  const before = Object.keys(await rowsOf(recipe)).length;
  await submitImport(recipe, { ...goodImport, dataSetId: 'x', key: '' });
  await expect.poll(() => page.locator('label:has([name=dataSetId]) [role=alert]').count(), slowly).toBe(1);
  expect(await page.locator('label [role=alert]').count()).toBe(2);
  await submitImport(recipe, goodImport);
  await expect.poll(() => page.textContent('output'), slowly).toMatch(/^Created [0-9a-f]{32}\.$/);
  const awsJobId = (await page.textContent('output'))?.slice('Created '.length, -1) ?? '';
  await untilRows(recipe, before + 1);
  expect(Object.keys(await rowsOf(recipe))[0]).toBe(awsJobId);
  expect(await page.locator('label [role=alert]').count()).toBe(0);
}

/** Changes while the gateway is killed, is stopped and is replaced are all on the page in the end, without a reload. */
export async function survivesItsGateway(recipe: Recipe, jobs: readonly string[]): Promise<void> {
  const { page, emulator, gateway, restart } = recipe;
  await page.evaluate('window.hasNotReloaded = true');
  const [killed = '', stopped = '', later = ''] = jobs;
  await gateway().die();
  await emulator.move(killed, { state: 'COMPLETED' });
  await expect.poll(() => page.textContent('[role=status]'), slowly).toMatch(/lost/);
  await restart();
  await untilState(recipe, killed, 'COMPLETED');
  await gateway().stop();
  await emulator.move(stopped, { state: 'ERROR' });
  await restart();
  await untilState(recipe, stopped, 'FAILED');
  await emulator.move(later, { state: 'IN_PROGRESS' });
  await untilState(recipe, later, 'IN_PROGRESS');
  await expect.poll(() => page.textContent('[role=status]'), slowly).toBe('Live');
  expect(await page.evaluate('window.hasNotReloaded')).toBe(true);
}
