/** How a person replaces the manifest of a job. */
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';

const timeout = 60_000;

test.runIf(hasBrowser)(
  `a person changes a line of the manifest of a job, and sees it on the page of the job${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const page = await openBoard(url, { path: `/jobs/${globalId('ImportExportJob', id)}` });
    await shownJob(page).getByRole('link', { name: 'Replace the manifest' }).click();
    await page.getByRole('heading', { level: 1, name: 'Replace the manifest' }).waitFor();
    const manifest = page.getByRole('textbox', { name: 'Manifest' });
    await expect.poll(() => manifest.inputValue()).toContain(`bucket: ${demo.bucket}`);
    await manifest.fill((await manifest.inputValue()).replace(/deviceId: .*/, 'deviceId: ANOTHER-DISK'));
    await page.getByRole('button', { name: 'Replace the manifest' }).click();
    await shownJob(page).getByText('deviceId: ANOTHER-DISK').waitFor();
    await page.reload();
    await shownJob(page).getByText('deviceId: ANOTHER-DISK').waitFor();
  },
);

test.runIf(hasBrowser)(
  `a manifest that the service refuses is explained, and the job keeps its own${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const page = await openBoard(url, { path: `/jobs/${globalId('ImportExportJob', id)}/manifest` });
    const manifest = page.getByRole('textbox', { name: 'Manifest' });
    await expect.poll(() => manifest.inputValue()).toContain('manifestVersion');
    await manifest.fill((await manifest.inputValue()).replace(/bucket: .*/, `bucket: ${demo.missingBucket}`));
    await page.getByRole('button', { name: 'Replace the manifest' }).click();
    await page.getByRole('alert').filter({ hasText: 'A bucket does not exist.' }).waitFor();
    await page.getByRole('link', { name: 'The job' }).click();
    await shownJob(page).getByText(`bucket: ${demo.bucket}`).waitFor();
  },
);

test.runIf(hasBrowser)(
  `the manifest of a disk that AWS has begun to read can no longer be replaced, and the page says so${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const path = `/jobs/${globalId('ImportExportJob', id)}`;
    const page = await openBoard(url, { path });
    await shownJob(page).getByRole('link', { name: 'Replace the manifest' }).waitFor();
    await emulator.move(id, { progressCode: 'InProgress', locationCode: 'AtAWS' });
    await expect.poll(() => page.getByRole('link', { name: 'Replace the manifest' }).count()).toBe(0);
    await page.goto(`${url}#${path}/manifest`);
    await page.getByText(/can no longer be replaced/).waitFor();
  },
);
