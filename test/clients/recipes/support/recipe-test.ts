/** The code of `docs/clients/`, in Chromium, on a page of another origin than the gateway's. */
import { expect, test } from 'vitest';
import { browserNeeded, hasBrowser } from '../../../support/browser.ts';
import {
  createsAnImport,
  losesAJob,
  readsThePages,
  rowsOf,
  saysWhatIsMissing,
  survivesItsGateway,
  watchesOthers,
} from './behaviour.ts';
import { openRecipe } from './recipe.ts';

/** Browsers log lost connections. In development graphcache misses, in each event, the fields of all other events. */
const expected = /WebSocket connection|ERR_CONNECTION|Invalid undefined/;

/** A test of the recipe in `src/<folder>`. Each library has a file of its own, so that two of them run beside each other. */
export function testRecipe(library: string, folder: string): void {
  test.runIf(hasBrowser)(
    `a page by ${library} lists, watches, creates, outlives its gateway, and says what is missing${browserNeeded}`,
    { timeout: 120_000 },
    async () => {
      const recipe = await openRecipe(folder, { dataExchange: 30, importExport: 15 });
      await readsThePages(recipe, 45);
      const dataExchange = [...(await rowsOf(recipe)).keys()].filter((awsJobId) => awsJobId.length === 32);
      const [first = '', ...others] = dataExchange;
      await watchesOthers(recipe, first);
      await createsAnImport(recipe);
      await survivesItsGateway(recipe, others);
      await saysWhatIsMissing(recipe, 'ImportExport.ListJobs');
      // The store of waybill-client leaves a job out that cannot be read.
      if (folder !== '') await saysWhatIsMissing(recipe, 'ImportExport.GetStatus');
      await losesAJob(recipe);
      expect(recipe.complaints.filter((text) => !expected.test(text))).toEqual([]);
    },
  );
}
