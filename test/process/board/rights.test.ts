/** Who may see and do what: a person with a token, without one, or with a wrong one. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import type { Scope } from '../../../src/identity/caller.ts';
import { addToken, removeToken } from '../../../src/identity/token-changes.ts';
import { openBoard, rowOf, rows, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { tokensFor } from '../../support/token-file.ts';
import { create, dataExchangeForms, fieldAt, fillIn } from './forms.ts';

const timeout = 60_000;
/** Chromium logs each answer with such a status. */
const refused = /status of 40[013]|WebSocket connection to/;
const everything: readonly Scope[] = ['jobs:read', 'jobs:write', 'jobs:secrets', 'catalog:read', 'catalog:write'];

async function guardedBoard(scopes: readonly Scope[]) {
  const { env, path, tokenOf } = await tokensFor({ somebody: scopes });
  const board = await startBoard(env);
  const { dataExchange, importExport } = await board.emulator.seed({ dataExchange: 2, importExport: 1 });
  const page = await openBoard(board.url, { mayComplain: refused });
  return { ...board, page, path, token: tokenOf.somebody, dataExchange, importExport };
}

async function signIn(page: Page, token: string, isKept = false): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  if (isKept) await page.getByRole('checkbox', { name: /Keep/ }).check();
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test.runIf(hasBrowser)(
  `a person who may only read is offered nothing that would be refused${browserNeeded}`,
  { timeout },
  async () => {
    const { page, token, dataExchange, importExport, emulator } = await guardedBoard(['jobs:read']);
    await signIn(page, token);
    await rowOf(page, String(dataExchange[0])).waitFor();
    await page.getByText(/read only/i).waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'New job' }).count()).toBe(0);
    await expect.poll(() => page.getByRole('checkbox').count()).toBe(0);
    await expect.poll(() => page.getByRole('button', { name: /cancel them|can be cancelled/i }).count()).toBe(0);
    await expect.poll(() => page.getByRole('combobox', { name: 'Data set' }).count()).toBe(0);
    // Names need a right of their own; ids do not.
    await rowOf(page, String(dataExchange[0])).getByText('da7a0000000000000000000000000001').waitFor();
    for (const [type, id] of [
      ['DataExchangeJob', String(dataExchange[0])],
      ['ImportExportJob', String(importExport[0])],
    ] as const) {
      await page.goto(`${page.url().split('#')[0]}#/jobs/${globalId(type, id)}`);
      await shownJob(page).getByText(id).first().waitFor();
      await expect.poll(() => page.getByRole('button', { name: /^(Start|Cancel|Repeat|Update)/ }).count()).toBe(0);
      await expect.poll(() => page.getByText('manifestVersion').count()).toBe(0);
    }
    await page.goto(`${page.url().split('#')[0]}#/new`);
    await page.getByText(/may .*not create/).waitFor();
    await emulator.move(String(dataExchange[0]), { state: 'COMPLETED' });
    await page.goto(`${page.url().split('#')[0]}#/`);
    await rowOf(page, String(dataExchange[0])).getByText('Completed').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a wrong token is refused in words, and the right one is taken after it${browserNeeded}`,
  { timeout },
  async () => {
    const { page, token, dataExchange } = await guardedBoard(everything);
    await page.getByText(/asks for a token/).waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await signIn(page, 'wrong');
    await page
      .getByRole('alert')
      .filter({ hasText: /does not know this token/ })
      .waitFor();
    await expect.poll(() => rows(page).count()).toBe(0);
    await signIn(page, ` ${token} `);
    await rowOf(page, String(dataExchange[0])).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  },
);

test.runIf(hasBrowser)(
  `a token is gone with a reload unless the person keeps it, and after signing out in any case${browserNeeded}`,
  { timeout },
  async () => {
    const { page, token, dataExchange } = await guardedBoard(everything);
    const stored = () => page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    const row = rowOf(page, String(dataExchange[0]));
    await signIn(page, token);
    await row.waitFor();
    expect(await stored()).not.toContain(token);
    expect(page.url()).not.toContain(token);
    await page.reload();
    await signIn(page, token, true);
    await row.waitFor();
    await page.reload();
    await row.waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText(/asks for a token/).waitFor();
    expect(await stored()).not.toContain(token);
    await page.reload();
    await page.getByText(/asks for a token/).waitFor();
  },
);

test.runIf(hasBrowser)(
  `a person without the right to read jobs is told which right is missing${browserNeeded}`,
  { timeout },
  async () => {
    const { page, token } = await guardedBoard(['schema:read']);
    await signIn(page, token);
    await page
      .getByRole('alert')
      .filter({ hasText: /jobs:read/ })
      .waitFor();
  },
);

test.runIf(hasBrowser)(
  `a person whose token is taken away is asked for another one${browserNeeded}`,
  { timeout },
  async () => {
    const { page, path, token, dataExchange } = await guardedBoard(everything);
    await signIn(page, token);
    await rowOf(page, String(dataExchange[0])).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await removeToken(path, 'somebody');
    await page.getByLabel('Token', { exact: true }).waitFor({ timeout: 30_000 });
    await expect.poll(() => rows(page).count()).toBe(0);
  },
);

test.runIf(hasBrowser)(
  `a token that has ended under a half-filled form is asked for again, and the form keeps what was typed${browserNeeded}`,
  { timeout },
  async () => {
    const { page, token, path, gateway } = await guardedBoard(everything);
    await signIn(page, token);
    const form = dataExchangeForms.EXPORT_REVISIONS_TO_S3;
    await fillIn(page, form);
    const another = await addToken(path, { name: 'another', scopes: [...everything] });
    await removeToken(path, 'somebody');
    const asked = { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } };
    const statusOf = async () => (await fetch(gateway.url, { ...asked, body: '{"query":"{ __typename }"}' })).status;
    await expect.poll(statusOf, { timeout: 20_000 }).toBe(401);
    await create(page);
    await page.getByText(/does not know this token/).waitFor();
    await signIn(page, another);
    await expect.poll(() => fieldAt(page, /^Bucket/).inputValue()).toBe(demo.exportBucket);
    await expect.poll(() => page.getByText(/sent before/).count()).toBe(0);
    await create(page);
    await shownJob(page).getByText(demo.exportBucket).first().waitFor();
  },
);
