/** The page of GraphiQL in a real browser. */
import { expect, test } from 'vitest';
import { browserNeeded, hasBrowser, openPage } from '../../support/browser.ts';
import { startGateway } from '../../support/gateway.ts';

test.runIf(hasBrowser)(
  `an example of GraphiQL opens at the first click on its tab${browserNeeded}`,
  async () => {
    const { url } = await startGateway({ WAYBILL_GRAPHIQL: 'on' });
    const { page } = await openPage();
    await page.goto(url);
    const tabs = page.getByRole('tab');
    const selected = page.locator('[role=tab][aria-selected=true]');
    await page.locator('.graphiql-execute-button').waitFor();
    // The first layout moves the tabs, and a click on one that still moves would not tell where it ends.
    await expect.poll(() => tabs.count()).toBe(8);
    await page.waitForTimeout(3_000);
    for (const title of ['Failed', 'Catalog', 'Start', 'Board', 'CreateImportExportJob']) {
      await tabs.filter({ hasText: title }).click();
      await expect.poll(() => selected.textContent(), { message: title, timeout: 2_000 }).toContain(title);
    }
  },
  60_000,
);
