/** What the board does while the gateway is away, or the laptop sleeps. */

import { expect, test } from 'vitest';
import { openBoard, rowOf, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { startChildGateway } from '../../support/child-gateway.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { startSeverableProxy } from '../../support/severable-proxy.ts';

const timeout = 90_000;
const brokenOff = /WebSocket connection to|net::ERR_/;

test.runIf(hasBrowser)(
  `a page survives the death of the gateway, says so, and shows what happened meanwhile${browserNeeded}`,
  { timeout },
  async () => {
    const emulator = await startLastingEmulator();
    const { dataExchange, importExport } = await emulator.seed({ dataExchange: 2, importExport: 1 });
    const settings = {
      ...settingsOver(emulator.url),
      PORT: String(await freePort()),
      WAYBILL_DATA_DIR: temporaryFolder(),
    };
    const first = await startChildGateway(settings, { withBoard: true });
    const page = await openBoard(new URL('/', first.url).href, { mayComplain: brokenOff });
    for (const id of [...dataExchange, ...importExport]) await rowOf(page, id).getByText('Waiting').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.evaluate('window.isSamePage = true');
    await first.die();
    await page
      .getByText(/connection.*lost|lost.*connection/i)
      .first()
      .waitFor();
    await emulator.move(String(dataExchange[0]), { state: 'ERROR' });
    await emulator.move(String(importExport[0]), { progressCode: 'Complete', locationCode: 'Returned' });
    const [added = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    await startChildGateway(settings, { withBoard: true });
    await page.getByText('Live', { exact: true }).waitFor({ timeout: 40_000 });
    await rowOf(page, added).getByText('Waiting').waitFor();
    await rowOf(page, String(dataExchange[0])).getByText('Failed').waitFor();
    await rowOf(page, String(importExport[0])).getByText('Completed').waitFor();
    expect(await page.evaluate('window.isSamePage')).toBe(true);
  },
);

test.runIf(hasBrowser)(
  `after an hour of sleep without a network the page shows how many jobs have finished${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const { dataExchange } = await emulator.seed({ dataExchange: 3 });
    const proxy = await startSeverableProxy(Number(new URL(url).port));
    const page = await openBoard(`http://127.0.0.1:${proxy.port}/`, { mayComplain: brokenOff, hasClock: true });
    for (const id of dataExchange) await rowOf(page, id).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    // Somebody looks at the list for a while.
    await page.clock.runFor(10_000);
    proxy.sever();
    await emulator.move(String(dataExchange[0]), { state: 'COMPLETED' });
    await emulator.move(String(dataExchange[1]), { state: 'CANCELLED' });
    // Of the timers that are due, each runs once: as when the lid opens again.
    await page.clock.fastForward('01:00:00');
    proxy.heal();
    await rowOf(page, String(dataExchange[0])).getByText('Completed').waitFor({ timeout: 40_000 });
    await rowOf(page, String(dataExchange[1])).getByText('Cancelled').waitFor();
    await page.getByText(/\b2\b.*finished while you were away/).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
  },
);

test.runIf(hasBrowser)(`a frozen page shows the present once it is thawed${browserNeeded}`, { timeout }, async () => {
  const { url, emulator } = await startBoard();
  const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
  const page = await openBoard(url);
  await rowOf(page, id).getByText('Waiting').waitFor();
  const control = await page.context().newCDPSession(page);
  await control.send('Page.setWebLifecycleState', { state: 'frozen' });
  await emulator.move(id, { state: 'COMPLETED' });
  const [added = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
  await control.send('Page.setWebLifecycleState', { state: 'active' });
  await rowOf(page, id).getByText('Completed').waitFor();
  await rowOf(page, added).waitFor();
});

test.runIf(hasBrowser)(
  `a form that cannot be fetched says so, leaves the rest of the board as it is, and comes later${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const page = await openBoard(url, { mayComplain: brokenOff });
    await rowOf(page, id).waitFor();
    await page.route('**/assets/**', (route) => route.abort());
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByRole('alert').filter({ hasText: 'cannot be fetched' }).waitFor();
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await rowOf(page, id).waitFor();
    await page.getByRole('link', { name: 'New job' }).click();
    await page.unroute('**/assets/**');
    await page.getByRole('link', { name: 'Disk to S3' }).click();
    await page.getByLabel('Name of the disk').waitFor();
  },
);
