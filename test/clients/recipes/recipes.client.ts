/** The code of `docs/clients/`, in Chromium, on a page of another origin than the gateway's. */
import { expect, test } from 'vitest';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { createsAnImport, readsThePages, rowsOf, survivesItsGateway, untilState } from './support/behaviour.ts';
import { openRecipe } from './support/recipe.ts';

/** Browsers log lost connections. In development graphcache misses, in each event, the fields of all other events. */
const expected = /WebSocket connection|ERR_CONNECTION|Invalid undefined/;

const recipes = ['', 'apollo', 'urql', 'tanstack-query'];

test.runIf(hasBrowser).each(recipes)(
  `a page by %s lists, watches, creates, and outlives its gateway${browserNeeded}`,
  async (name) => {
    const recipe = await openRecipe(name, { dataExchange: 30, importExport: 15 });
    await readsThePages(recipe, 45);
    const dataExchange = Object.keys(await rowsOf(recipe)).filter((awsJobId) => awsJobId.length === 32);
    const [first = '', ...others] = dataExchange;
    await recipe.emulator.move(first, { state: 'IN_PROGRESS' });
    await untilState(recipe, first, 'IN_PROGRESS');
    await createsAnImport(recipe);
    await survivesItsGateway(recipe, others);
    expect(recipe.complaints.filter((text) => !expected.test(text))).toEqual([]);
  },
);
