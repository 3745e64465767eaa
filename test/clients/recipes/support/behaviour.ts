/** What each recipe shows, whatever library it is made with. */
import { expect } from 'vitest';
import { demo } from '../../../../src/emulator/demo.ts';
import { globalId } from '../../../support/examples.ts';
import { temporaryFolder } from '../../../support/token-file.ts';
import { injectEvents } from './injected-event.ts';
import type { Recipe } from './recipe.ts';

const slowly = { timeout: 20_000, interval: 100 };

/** The rows of the table, in order: the id that the service gave each job, and its state. An object would begin with ids of digits only. */
export async function rowsOf({ page }: Recipe): Promise<ReadonlyMap<string, string>> {
  const rows = await page.$$eval('tbody tr', (all) =>
    all.map((row) => [...row.querySelectorAll('td')].map(({ textContent }) => textContent ?? '')),
  );
  return new Map(rows.map(([awsJobId = '', state = '']) => [awsJobId, state]));
}

/** Waits until the row of a job has a state; undefined: until there is no such row. */
export async function untilState(recipe: Recipe, awsJobId: string, state: string | undefined): Promise<void> {
  await expect.poll(async () => (await rowsOf(recipe)).get(awsJobId), slowly).toBe(state);
}

export async function untilRows(recipe: Recipe, count: number): Promise<void> {
  await expect.poll(async () => (await rowsOf(recipe)).size, slowly).toBe(count);
}

/** Fills the form in and sends it, twice at once. */
export async function submitImport(recipe: Recipe, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(values)) await recipe.page.fill(`input[name=${name}]`, value);
  await recipe.page.$eval('form', (form: HTMLFormElement) => {
    form.requestSubmit();
    form.requestSubmit();
  });
}

export const goodImport = {
  dataSetId: demo.dataSetId,
  revisionId: demo.revisionId,
  bucket: demo.bucket,
  key: 'prices/2024/01.csv',
};

/** Reads the list to its end by "More", 20 jobs a page, by a double click each. */
export async function readsThePages(recipe: Recipe, total: number): Promise<void> {
  for (let shown = 20; shown < total; shown += 20) {
    await untilRows(recipe, shown);
    await recipe.page.$eval('text=More', (button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
  }
  await untilRows(recipe, total);
  await expect.poll(() => recipe.page.locator('text=More').count(), slowly).toBe(0);
}

/** Every fault of the input is beside its field, and what is right is created once, although it is sent twice, and appears by itself. */
export async function createsAnImport(recipe: Recipe): Promise<void> {
  const { page } = recipe;
  const before = (await rowsOf(recipe)).size;
  await submitImport(recipe, { ...goodImport, dataSetId: 'x', key: '' });
  await expect.poll(() => page.locator('label:has([name=dataSetId]) [role=alert]').count(), slowly).toBe(1);
  expect(await page.locator('label [role=alert]').count()).toBe(2);
  await submitImport(recipe, goodImport);
  await expect.poll(() => page.textContent('output'), slowly).toMatch(/^Created [0-9a-f]{32}\.$/);
  const awsJobId = (await page.textContent('output'))?.slice('Created '.length, -1) ?? '';
  await untilRows(recipe, before + 1);
  expect([...(await rowsOf(recipe)).keys()][0]).toBe(awsJobId);
  expect(await page.locator('label [role=alert]').count()).toBe(0);
}

/** Jobs of others change, and appear where they belong. */
export async function watchesOthers(recipe: Recipe, awsJobId: string): Promise<void> {
  const { emulator } = recipe;
  await emulator.move(awsJobId, { state: 'IN_PROGRESS' });
  await untilState(recipe, awsJobId, 'IN_PROGRESS');
  const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 1 });
  const created = [...dataExchange, ...importExport];
  for (const each of created) await expect.poll(async () => (await rowsOf(recipe)).has(each), slowly).toBe(true);
  const rows = [...(await rowsOf(recipe)).keys()];
  expect(rows.slice(0, 3).toSorted()).toEqual(created.toSorted());
}

/** A job that its service no longer has leaves the list, and no other does. */
export async function losesAJob(recipe: Recipe): Promise<void> {
  const { page } = recipe;
  const inject = await injectEvents(page);
  await page.reload();
  await expect.poll(() => page.textContent('[role=status]'), slowly).toBe('Live');
  const before = [...(await rowsOf(recipe)).keys()];
  const gone = before.find((awsJobId) => awsJobId.length === 32) ?? '';
  const id = globalId('DataExchangeJob', gone);
  inject({ __typename: 'JobGone', cursor: 'injected', id, service: 'DATA_EXCHANGE' });
  await untilState(recipe, gone, undefined);
  expect([...(await rowsOf(recipe)).keys()]).toEqual(before.filter((awsJobId) => awsJobId !== gone));
}

/** Somebody's network is back. The page would connect by itself as well, but may wait for up to 30 s. */
async function comeBack({ page }: Recipe): Promise<void> {
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
}

/** What happens while the gateway is down is on the page in the end, without a reload. */
export async function survivesItsGateway(recipe: Recipe, jobs: readonly string[]): Promise<void> {
  const { page, emulator, gateway, restart } = recipe;
  await page.evaluate('window.hasNotReloaded = true');
  const [changed = '', gone = '', later = ''] = jobs;

  // Killed: it comes back with its log.
  await gateway().die();
  await emulator.move(changed, { state: 'COMPLETED' });
  await expect.poll(() => page.textContent('[role=status]'), slowly).toMatch(/lost/);
  await restart();
  await comeBack(recipe);
  await untilState(recipe, changed, 'COMPLETED');

  // Replaced by one that knows nothing of what was: the page has to read the list again.
  await gateway().stop();
  await emulator.move(changed, { state: 'ERROR' });
  await emulator.remove(gone);
  const [created = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
  await restart({ WAYBILL_DATA_DIR: await temporaryFolder() });
  await comeBack(recipe);
  await untilState(recipe, changed, 'FAILED');
  await untilState(recipe, gone, undefined);
  await untilState(recipe, created, 'WAITING');
  await emulator.move(later, { state: 'IN_PROGRESS' });
  await untilState(recipe, later, 'IN_PROGRESS');
  await expect.poll(() => page.textContent('[role=status]'), slowly).toBe('Live');
  expect(await page.evaluate('window.hasNotReloaded')).toBe(true);
}

/** While `operation` of the services fails, what can be read is shown and kept up to date, and the page says that there is more. */
export async function saysWhatIsMissing(recipe: Recipe, operation: string): Promise<void> {
  const { page, emulator } = recipe;
  const problems = page.locator('[role=alert], [role=status]');
  const untilSaid = () =>
    expect.poll(async () => (await problems.allTextContents()).join(), slowly).toMatch(/failing|cannot/);
  await emulator.fail(operation, { status: 503 }, 100_000);
  // Its state has never been read.
  await emulator.seed({ importExport: 1 });
  await page.reload();
  await untilSaid();
  const rows = [...(await rowsOf(recipe))];
  const [waiting = ''] = rows.find(([awsJobId, state]) => awsJobId.length === 32 && state === 'WAITING') ?? [];
  await emulator.move(waiting, { state: 'IN_PROGRESS' });
  await untilState(recipe, waiting, 'IN_PROGRESS');
  await untilSaid();
  await emulator.heal();
}
