/** Where the board can be: below a path of a proxy, and over the emulator or AWS. */
import { expect, test } from 'vitest';
import { builtBoard, openBoard, rowOf, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { startGateway } from '../../support/gateway.ts';
import { startStrippingProxy } from './stripping-proxy.ts';

const timeout = 60_000;

test.runIf(hasBrowser)(
  `behind a proxy that strips a path the board shows jobs, live, and opens a form${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ dataExchange: 1 })).dataExchange;
    const page = await openBoard(await startStrippingProxy(url, '/tools/waybill/'));
    await rowOf(page, id).getByText('Waiting').waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await emulator.move(id, { state: 'CANCELLED' });
    await rowOf(page, id).getByText('Cancelled').waitFor();
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByRole('link', { name: 'Import from S3' }).click();
    await page.getByRole('button', { name: /^Create/ }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/tools/waybill/');
  },
);

test.runIf(hasBrowser)(
  `the board says whether its jobs are the emulator's or those of a region of AWS${browserNeeded}`,
  { timeout },
  async () => {
    const aws = await openBoard((await startBoard()).url);
    await aws.getByText(/^AWS · us-east-1$/).waitFor();
    const { url } = await startGateway({}, { boardFolder: await builtBoard() });
    const emulated = await openBoard(new URL('/', url).href);
    await emulated.getByText(/^Emulator\b/).waitFor();
    await emulated.getByRole('region', { name: 'Jobs' }).getByRole('link').first().waitFor();
  },
);
