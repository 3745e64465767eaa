/** How a person replaces the manifest of a job. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import { globalId } from '../../support/examples.ts';
import { field, type TestGateway } from '../../support/gateway.ts';
import { fieldAt } from './forms.ts';

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

async function openFields(page: Page, kind: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Kinds of manifests' }).getByRole('link', { name: kind }).click();
  await page.getByText('The fields begin with what it says.').waitFor();
}

async function replace(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Replace the manifest' }).click();
}

test.runIf(hasBrowser)(
  `the fields of a manifest begin with what the present one says, so that one of them can be changed${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const page = await openBoard(url, { path: `/jobs/${globalId('ImportExportJob', id)}/manifest` });
    await openFields(page, 'Disk to S3');
    const known = [
      [/^Name of the disk/, 'SEED'],
      [/^Bucket/, demo.bucket],
      [/^Log bucket/, demo.logBucket],
      [/^Notification emails, 1/, 'jane@example.com'],
      [/^Street and/, '123 Any Street'],
      [/^Postal/, '91011-1111'],
    ] as const;
    for (const [label, value] of known)
      await expect.poll(() => fieldAt(page, label).inputValue(), { message: String(label) }).toBe(value);
    await expect.poll(() => page.getByRole('checkbox', { name: 'Erase device' }).isChecked()).toBe(true);
    await fieldAt(page, /^Name of the disk/).fill('ANOTHER-DISK');
    await replace(page);
    for (const line of ['deviceId: "ANOTHER-DISK"', 'logPrefix: "logs/"', 'street1: "123 Any Street"'])
      await shownJob(page).getByText(line).waitFor();
  },
);

test.runIf(hasBrowser)(
  `whoever leaves the form while a manifest is replaced stays on the page that they went to${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const path = `/jobs/${globalId('ImportExportJob', id)}`;
    const page = await openBoard(url, { path: `${path}/manifest` });
    await openFields(page, 'Disk to S3');
    await fieldAt(page, /^Name of the disk/).fill('ANOTHER-DISK');
    await emulator.fail('ImportExport.UpdateJob', { delayMs: 1_500 });
    const answered = page.waitForResponse((response) => /mutation Update/.test(response.request().postData() ?? ''));
    await replace(page);
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await (await answered).finished();
    // What the page does with the answer it has done a few frames later.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))');
    expect(new URL(page.url()).hash).not.toContain('/jobs/');
    await page.goto(`${url}#${path}`);
    await shownJob(page).getByText('deviceId: "ANOTHER-DISK"').waitFor();
  },
);

const createJob = `mutation ($input: CreateImportExportJobInput!) {
  createImportExportJob(input: $input) { job { id } userErrors { field message } }
}`;

async function created({ ask }: TestGateway, manifest: unknown): Promise<string> {
  const { data } = await ask(createJob, { input: { manifest } });
  const { job, userErrors } = field<{ job: { id: string } | null; userErrors: unknown }>(data, 'createImportExportJob');
  if (job === null) throw new Error(JSON.stringify(userErrors));
  return job.id;
}

const returnAddress = {
  name: 'Jane Roe',
  street1: '123 Any Street',
  city: 'Anytown',
  stateOrProvince: 'WA',
  postalCode: '91011-1111',
  phoneNumber: '206-555-1111',
  country: 'USA',
};

test.runIf(hasBrowser)(
  `a person is told that the code of a disk is not shown, and loses it neither by forgetting it nor by a reload${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const exportFromS3 = {
      deviceId: 'DISK-0005',
      fileSystem: 'EXT4',
      serviceLevel: 'EXPEDITED_SHIPPING',
      encryption: { pinCode: '4711' },
      logBucket: demo.logBucket,
      operations: [{ exportBucket: demo.exportBucket, prefix: 'prices/' }],
      returnAddress,
    };
    const page = await openBoard(url, { path: `/jobs/${await created(gateway, { exportFromS3 })}/manifest` });
    await openFields(page, 'S3 to a disk');
    const encryption = page.getByRole('group', { name: 'Encryption' });
    const code = fieldAt(page, /^PIN code/, /^Encryption/);
    const prefix = fieldAt(page, /^Prefix/, /^Operations/);
    await expect.poll(() => prefix.inputValue()).toBe('prices/');
    await prefix.fill('prices/2024/');
    for (const reload of [true, false]) {
      await expect.poll(() => encryption.getByRole('radio', { name: 'PIN code' }).isChecked()).toBe(true);
      await expect.poll(() => code.inputValue()).toBe('');
      await encryption.getByText('type it in again').waitFor();
      if (reload) await page.reload();
    }
    await expect.poll(() => page.getByRole('combobox', { name: 'File system' }).inputValue()).toBe('EXT4');
    await expect
      .poll(() => page.getByRole('combobox', { name: 'Service level' }).inputValue())
      .toBe('EXPEDITED_SHIPPING');
    await expect.poll(() => prefix.inputValue()).toBe('prices/2024/');
    await replace(page);
    await encryption.getByText(/neither was given/).waitFor();
    await code.fill('0815');
    await replace(page);
    await shownJob(page).getByText('deviceId: "DISK-0005"').waitFor();
    await shownJob(page).getByText('pinCode: [secret]').waitFor();
    await shownJob(page).getByText('prefix: "prices/2024/"').waitFor();
  },
);

test.runIf(hasBrowser)(
  `fields that nobody has changed begin with the manifest that somebody else has meanwhile sent${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator } = await startBoard();
    const [id = ''] = (await emulator.seed({ importExport: 1 })).importExport;
    const path = `/jobs/${globalId('ImportExportJob', id)}/manifest`;
    const [page, other] = [await openBoard(url, { path }), await openBoard(url, { path })];
    await openFields(page, 'Disk to S3');
    await openFields(other, 'Disk to S3');
    await fieldAt(other, /^Name of the disk/).fill('ANOTHER-DISK');
    await replace(other);
    await shownJob(other).getByText('deviceId: "ANOTHER-DISK"').waitFor();
    await page.getByRole('link', { name: 'The job' }).click();
    await shownJob(page).getByRole('link', { name: 'Replace the manifest' }).click();
    await openFields(page, 'Disk to S3');
    await expect.poll(() => fieldAt(page, /^Name of the disk/).inputValue()).toBe('ANOTHER-DISK');
  },
);

test.runIf(hasBrowser)(
  `a manifest with what the form has no field for, or that cannot be read, is said to be one${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const lines = ['manifestVersion: 2.0', `bucket: ${demo.bucket}`, 'deviceId: DISK-0006', 'eraseDevice: yes'];
    const address = Object.entries(returnAddress).map(([name, value]) => `    ${name}: ${value}`);
    const text = [...lines, 'returnAddress:', ...address, 'department: Research', ''].join('\n');
    const page = await openBoard(url);
    const id = await created(gateway, { text: { direction: 'IMPORT', text } });
    await page.goto(`${url}#/jobs/${id}/manifest/importToS3`);
    await page.getByText(/has department, for which there is no field/).waitFor();
    await expect.poll(() => fieldAt(page, /^Name of the disk/).inputValue()).toBe('DISK-0006');
    const odd = await created(gateway, { text: { direction: 'IMPORT', text: `${text}notes: @odd\n` } });
    await page.goto(`${url}#/jobs/${odd}/manifest/importToS3`);
    await page.getByText(/this page cannot read/).waitFor();
    await expect.poll(() => fieldAt(page, /^Name of the disk/).inputValue()).toBe('');
  },
);
