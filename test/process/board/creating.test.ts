/** Jobs that a person creates by the forms. */
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { openBoard, shownJob, startBoard } from '../../support/board.ts';
import { browserNeeded, hasBrowser } from '../../support/browser.ts';
import type { EmulatorControl } from '../../support/emulator-control.ts';
import { field, type TestGateway } from '../../support/gateway.ts';
import { create, dataExchangeForms, type FilledForm, fieldAt, fillIn, manifestForms } from './forms.ts';

const timeout = 120_000;

async function created(page: Page, form: FilledForm): Promise<void> {
  await fillIn(page, form);
  await create(page);
  await page.waitForURL(/#\/jobs\//).catch(async () => {
    throw new Error(`${form.kind}: ${(await page.getByRole('alert').allInnerTexts()).join(' | ')}`);
  });
  await shownJob(page).waitFor();
  for (const text of form.shown) await shownJob(page).getByText(text).first().waitFor();
}

async function newestJobs({
  ask,
}: TestGateway): Promise<readonly { readonly type?: string; readonly state: string }[]> {
  const { data } = await ask('{ jobs(first: 50) { nodes { state ... on DataExchangeJob { type } } } }');
  return field<{ nodes: readonly { readonly type?: string; readonly state: string }[] }>(data, 'jobs').nodes;
}

test.runIf(hasBrowser)(
  `a job of each of the nine types is created, and started unless a file has to be sent first${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const page = await openBoard(url);
    for (const form of Object.values(dataExchangeForms)) await created(page, form);
    const jobs = await newestJobs(gateway);
    expect(jobs.map(({ type }) => type).toSorted()).toEqual(Object.keys(dataExchangeForms).toSorted());
    const waiting = jobs.filter(({ state }) => state === 'WAITING').map(({ type }) => type);
    expect(waiting.toSorted()).toEqual(['IMPORT_ASSET_FROM_API_GATEWAY_API', 'IMPORT_ASSET_FROM_SIGNED_URL']);
  },
);

test.runIf(hasBrowser)(
  `a job is created by each kind of manifest, and by a manifest as text${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const page = await openBoard(url);
    for (const form of Object.values(manifestForms)) await created(page, form);
    expect((await newestJobs(gateway)).map(({ state }) => state)).toEqual(Array(4).fill('WAITING'));
  },
);

test.runIf(hasBrowser)(
  `an empty form tells of every field that is missing, beside it, and creates nothing${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const page = await openBoard(url, { path: '/new' });
    await page.getByRole('link', { name: 'Disk to S3', exact: true }).click();
    await create(page);
    for (const label of [
      /^Name of the disk/,
      /^Bucket/,
      /^Name$/,
      /^City/,
      /^Country/,
      /^Phone/,
      /^Postal/,
      /^Street and/,
    ]) {
      const missing = fieldAt(page, label);
      await expect.poll(() => missing.getAttribute('aria-invalid'), { message: String(label) }).toBe('true');
      const describedBy = (await missing.getAttribute('aria-describedby'))?.split(' ') ?? [];
      const words = await Promise.all(describedBy.map((id) => page.locator(`[id="${id}"]`).allInnerTexts()));
      expect(words.flat().join(' '), String(label)).toMatch(/\w+ \w+/);
    }
    expect(await newestJobs(gateway)).toEqual([]);
  },
);

test.runIf(hasBrowser)(
  `data sets, revisions and assets are offered by their names, and a new revision is made in passing${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const page = await openBoard(url, { path: '/new' });
    await page.getByRole('link', { name: 'Import from S3', exact: true }).click();
    await fieldAt(page, /^Data set/).fill('prices');
    await page.getByRole('option', { name: /Waybill demo: prices/ }).click();
    await fieldAt(page, /^Revision/).click();
    await page.getByRole('option', { name: /Prices of 2024/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^New revision/ }).click();
    await page.getByRole('dialog').getByLabel('Comment').fill('Prices of March');
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
    await expect.poll(() => fieldAt(page, /^Revision/).inputValue()).toBe('Prices of March');
    // With the spaces of a hasty copy.
    await fieldAt(page, /^Bucket/).fill(` ${demo.bucket} `);
    await fieldAt(page, /^Key/).fill('prices/2024/03.csv');
    await create(page);
    await shownJob(page).getByText('Prices of March').first().waitFor();
    expect(await newestJobs(gateway)).toHaveLength(1);
  },
);

test.runIf(hasBrowser)(
  `a create whose answer is lost happens once, and the person gets to its job${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const page = await openBoard(url, { mayComplain: /status of 50\d/ });
    const form = dataExchangeForms.EXPORT_REVISIONS_TO_S3;
    await fillIn(page, form);
    await emulator.fail('DataExchange.CreateJob', { reset: true, afterCommit: true });
    await create(page);
    await page.waitForURL(/#\/jobs\//, { timeout: 60_000 });
    await shownJob(page).getByText(demo.exportBucket).first().waitFor();
    expect(await newestJobs(gateway)).toHaveLength(1);
  },
);

test.runIf(hasBrowser)(
  `a create that nobody saw answered is told of after a reload, and sent again it creates nothing twice${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway } = await startBoard();
    const page = await openBoard(url, { mayComplain: /net::ERR_/ });
    const form = dataExchangeForms.EXPORT_REVISIONS_TO_S3;
    await fillIn(page, form);
    // The gateway creates the job, and its first answer gets lost on the way.
    let isLost = false;
    await page.route('**/graphql', async (route) => {
      if (isLost || !route.request().postData()?.includes('createDataExchangeJob(')) return route.fallback();
      await route.fetch();
      isLost = true;
    });
    await create(page);
    await expect.poll(() => isLost).toBe(true);
    await page.reload();
    await page.getByText(/sent before/).waitFor();
    expect(await newestJobs(gateway)).toHaveLength(1);
    await create(page);
    await page.waitForURL(/#\/jobs\//);
    await shownJob(page).getByText(demo.exportBucket).first().waitFor();
    expect(await newestJobs(gateway)).toHaveLength(1);
  },
);

test.runIf(hasBrowser)(
  `whoever leaves a form while its job is created stays on the page that they went to${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const page = await openBoard(url);
    const form = dataExchangeForms.EXPORT_REVISIONS_TO_S3;
    await fillIn(page, form);
    await emulator.fail('DataExchange.CreateJob', { delayMs: 1_500 });
    const answered = page.waitForResponse((response) =>
      /payload: createDataEx/.test(response.request().postData() ?? ''),
    );
    await create(page);
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await answered;
    await page.getByRole('region', { name: 'Jobs' }).getByRole('link', { name: 'Export revisions to S3' }).waitFor();
    expect(new URL(page.url()).hash).not.toContain('/jobs/');
    expect(await newestJobs(gateway)).toHaveLength(1);
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByRole('link', { name: form.kind, exact: true }).click();
    await expect.poll(() => fieldAt(page, /^Bucket/).inputValue()).toBe('');
    await expect.poll(() => page.getByText(/sent before/).count()).toBe(0);
  },
);

test.runIf(hasBrowser)(
  `whoever has left a form is told that it was refused, and finds in it what they typed${browserNeeded}`,
  { timeout },
  async () => {
    const { url, gateway, emulator } = await startBoard();
    const page = await openBoard(url);
    const form = dataExchangeForms.EXPORT_REVISIONS_TO_S3;
    await fillIn(page, form);
    const quota = { delayMs: 1_500, status: 402, awsCode: 'ServiceLimitExceededException' };
    await emulator.fail('DataExchange.CreateJob', quota);
    await create(page);
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    const told = page.getByRole('alert').filter({ hasText: 'Refused. ' });
    await told.getByRole('link', { name: form.kind, exact: true }).click();
    await told.waitFor({ state: 'detached' });
    await expect.poll(() => fieldAt(page, /^Bucket/).inputValue()).not.toBe('');
    await create(page);
    await page.waitForURL(/#\/jobs\//);
    expect(await newestJobs(gateway)).toHaveLength(1);
  },
);

test.runIf(hasBrowser)(
  `a form with choices shows all that is missing at once${browserNeeded}`,
  { timeout },
  async () => {
    const { url } = await startBoard();
    const page = await openBoard(url, { path: '/new/exportFromS3' });
    await create(page);
    await page.getByText('Choose one.').first().waitFor();
    for (const label of [/^Name of the disk/, /^Export bucket/, /^Log bucket/, /^City/])
      await expect
        .poll(() => fieldAt(page, label).getAttribute('aria-invalid'), { message: String(label) })
        .toBe('true');
    await expect.poll(() => fieldAt(page, /^Prefix/).getAttribute('aria-invalid')).toBe('false');
  },
);

const file = (text: string) => ({ name: 'rates.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test.runIf(hasBrowser)(
  `a file is sent once its job is created, and the job started: the person chooses it once${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator, gateway } = await startBoard();
    const page = await openBoard(url);
    await page.getByRole('link', { name: 'New job' }).click();
    await page.getByRole('link', { name: 'Upload a file', exact: true }).click();
    await page.getByLabel('The file').setInputFiles(file('hello'));
    await expect.poll(() => fieldAt(page, /^MD5 hash/).inputValue()).toBe(md5('hello'));
    await expect.poll(() => fieldAt(page, /^Name of the asset/).inputValue()).toBe('rates.csv');
    await fieldAt(page, /^Data set/).fill(demo.dataSetId);
    await fieldAt(page, /^Revision/).fill(demo.revisionId);
    await create(page);
    await shownJob(page).getByText('In progress').first().waitFor();
    await expectImported(page, emulator, gateway);
  },
);

test.runIf(hasBrowser)(
  `a file gives its name to an asset that has none, and a reload asks for the file again${browserNeeded}`,
  { timeout },
  async () => {
    const { url } = await startBoard();
    const page = await openBoard(url, { path: '/new/importAssetFromSignedUrl' });
    const name = fieldAt(page, /^Name of the asset/);
    const chooseAnother = async (text: string): Promise<void> => {
      await page.getByLabel('The file').setInputFiles({ ...file(text), name: `${text}.csv` });
      await expect.poll(() => fieldAt(page, /^MD5 hash/).inputValue()).toBe(md5(text));
    };
    await chooseAnother('first');
    await chooseAnother('second');
    await expect.poll(() => name.inputValue()).toBe('second.csv');
    await name.fill('mine');
    await chooseAnother('third');
    await expect.poll(() => name.inputValue()).toBe('mine');
    await page.reload();
    await page.getByText('Choose the file again').waitFor();
    await expect.poll(() => name.inputValue()).toBe('mine');
  },
);

test.runIf(hasBrowser)(
  `another file than the one that the job waits for is refused in words, and the right one is sent${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator, gateway } = await startBoard();
    const page = await openBoard(url);
    const form = dataExchangeForms.IMPORT_ASSET_FROM_SIGNED_URL;
    await created(page, form);
    const chooser = shownJob(page).getByRole('button', { name: 'The file' });
    await chooser.setInputFiles(file('HELLO'));
    await shownJob(page).getByRole('alert').filter({ hasText: /MD5/ }).waitFor();
    expect((await newestJobs(gateway)).map(({ state }) => state)).toEqual(['WAITING']);
    await chooser.setInputFiles(file('hello'));
    await shownJob(page).getByText('In progress').first().waitFor();
    await expectImported(page, emulator, gateway);
  },
);

test.runIf(hasBrowser)(
  `a file that S3 refuses is told of with S3's reason, and may be sent again${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator, gateway } = await startBoard();
    const page = await openBoard(url, { mayComplain: /status of 403/ });
    const form = dataExchangeForms.IMPORT_ASSET_FROM_SIGNED_URL;
    await created(page, form);
    const refuse = (type: string, body: string) =>
      emulator.fail('DataExchange.UploadAsset', {
        status: 403,
        headers: { 'access-control-allow-origin': '*', 'content-type': type },
        body,
      });
    await refuse(
      'application/xml',
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message><HostId>host</HostId></Error>',
    );
    await refuse('application/xml', '<Error><Code>BadDigest</Code></Error>');
    await refuse('text/html', '<h1 style="color: red">Forbidden</h1>');
    const chooser = shownJob(page).getByRole('button', { name: 'The file' });
    const told = [
      'S3 refused the file: Request has expired, AccessDenied (status 403).',
      'S3 refused the file: BadDigest (status 403).',
      'S3 refused the file (status 403).',
    ];
    for (const text of told) {
      await chooser.setInputFiles(file('hello'));
      await shownJob(page).getByRole('alert').filter({ hasText: text }).waitFor();
    }
    await chooser.setInputFiles(file('hello'));
    await shownJob(page).getByText('In progress').first().waitFor();
    expect((await newestJobs(gateway)).map(({ state }) => state)).toEqual(['IN_PROGRESS']);
  },
);

/** Creates a job with its file, which S3 takes once `take` is called. */
async function openSending() {
  const { url, emulator, gateway } = await startBoard();
  const page = await openBoard(url);
  const form = dataExchangeForms.IMPORT_ASSET_FROM_SIGNED_URL;
  await created(page, form);
  let take = (): void => {};
  const taken = new Promise<void>((resolve) => {
    take = resolve;
  });
  await page.route(
    (address) => address.origin !== new URL(url).origin,
    async (route) => {
      await taken;
      await route.continue();
    },
  );
  await shownJob(page).getByRole('button', { name: 'The file' }).setInputFiles(file('hello'));
  await shownJob(page).getByRole('button', { name: 'Stop' }).waitFor();
  return { page, emulator, gateway, take };
}

test.runIf(hasBrowser)(
  `a file is sent, and its job started, while another page is shown${browserNeeded}`,
  { timeout },
  async () => {
    const { page, emulator, gateway, take } = await openSending();
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    const sending = page.getByRole('link', { name: 'Sending rates.csv' });
    await sending.click();
    await shownJob(page).getByRole('button', { name: 'Stop' }).waitFor();
    expect(await sending.count()).toBe(0);
    await page.getByRole('link', { name: 'New job' }).click();
    await sending.waitFor();
    take();
    await sending.waitFor({ state: 'detached' });
    expect((await newestJobs(gateway)).map(({ state }) => state)).toEqual(['IN_PROGRESS']);
    expect((await emulator.requests())['DataExchange.UploadAsset']).toBe(1);
  },
);

test.runIf(hasBrowser)(
  `whoever looks at another page is told that the file did not start its job${browserNeeded}`,
  { timeout },
  async () => {
    const { page, gateway, take } = await openSending();
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.getByRole('link', { name: 'Sending rates.csv' }).waitFor();
    const { data } = await gateway.ask('{ jobs(first: 1) { nodes { id } } }');
    const { nodes } = Object(data?.['jobs']);
    await gateway.ask('mutation ($id: ID!) { cancelJob(id: $id) { job { state } } }', { id: nodes[0].id });
    take();
    const fault = page
      .getByRole('alert')
      .filter({ hasText: 'rates.csv: The file is sent, but the job is not started' });
    await fault.getByRole('button', { name: 'Close' }).click();
    await fault.waitFor({ state: 'detached' });
  },
);

test.runIf(hasBrowser)(`a stopped file is not sent, and may be chosen again${browserNeeded}`, { timeout }, async () => {
  const { page, emulator, gateway, take } = await openSending();
  await shownJob(page).getByRole('button', { name: 'Stop' }).click();
  await shownJob(page).getByRole('alert').filter({ hasText: 'Stopped. Nothing was imported' }).waitFor();
  take();
  expect((await newestJobs(gateway)).map(({ state }) => state)).toEqual(['WAITING']);
  await shownJob(page).getByRole('button', { name: 'The file' }).setInputFiles(file('hello'));
  await shownJob(page).getByText('In progress').first().waitFor();
  await expectImported(page, emulator, gateway);
});

async function expectImported(page: Page, emulator: EmulatorControl, gateway: TestGateway): Promise<void> {
  const [job] = await jobsWithIds(gateway);
  await emulator.move(String(job?.awsJobId), { state: 'COMPLETED' });
  await shownJob(page).getByText('Completed').first().waitFor();
  expect((await emulator.requests())['DataExchange.UploadAsset']).toBe(1);
}

test.runIf(hasBrowser)(`a wrong MD5 hash is refused beside its field${browserNeeded}`, { timeout }, async () => {
  const { url, gateway } = await startBoard();
  const page = await openBoard(url);
  const form = dataExchangeForms.IMPORT_ASSET_FROM_SIGNED_URL;
  await fillIn(page, form);
  await fieldAt(page, /^MD5 hash/).fill('not a hash');
  await create(page);
  await expect.poll(() => fieldAt(page, /^MD5 hash/).getAttribute('aria-invalid')).toBe('true');
  expect(await newestJobs(gateway)).toEqual([]);
});

test.runIf(hasBrowser)(
  `an asset of a completed job is downloaded as the file that it is${browserNeeded}`,
  { timeout },
  async () => {
    const { url, emulator, gateway } = await startBoard();
    const page = await openBoard(url, { acceptDownloads: true });
    const form = dataExchangeForms.EXPORT_ASSET_TO_SIGNED_URL;
    await created(page, form);
    const [job] = await jobsWithIds(gateway);
    await emulator.move(String(job?.awsJobId), { state: 'COMPLETED' });
    const link = shownJob(page).getByRole('link', { name: /download/i });
    const address = (await link.getAttribute('href')) ?? '';
    expect(await (await fetch(address)).text()).toBe('day,price\n1,10.00\n2,10.25\n');
  },
);

function md5(text: string): string {
  return createHash('md5').update(text).digest('base64');
}

async function jobsWithIds({ ask }: TestGateway): Promise<readonly { readonly awsJobId: string }[]> {
  const { data } = await ask('{ jobs(first: 50) { nodes { awsJobId } } }');
  return field<{ nodes: readonly { readonly awsJobId: string }[] }>(data, 'jobs').nodes;
}
