/** What a person fills into the forms of the board: by what a label says, and what they would type. */
import type { Locator, Page } from 'playwright-core';
import { demo } from '../../../src/emulator/demo.ts';
import { md5OfHello } from '../../support/examples.ts';

export interface FilledForm {
  /** The name of its link on the page of new jobs. */
  readonly kind: string;
  /** By the beginning of the label. Of several fields with it, the first. */
  readonly texts: readonly (readonly [label: RegExp, text: string, group?: RegExp])[];
  /** Boxes to tick and circles to choose, before the texts. */
  readonly ticks?: readonly (readonly [label: RegExp, group: RegExp])[];
  readonly choices?: readonly (readonly [label: RegExp, option: RegExp])[];
  /** What has to be on the page of the job that was made. */
  readonly shown: readonly string[];
}

const draft = [
  [/^Data set/, demo.dataSetId],
  [/^Revision/, demo.revisionId],
] as const;

const dataShare = 'arn:aws:redshift:us-east-1:123456789012:datashare:0c0d7f8e-0000-4000-8000-000000000001/prices';
const table = /^Table/;
const role = 'arn:aws:iam::123456789012:role/sharing';

/** By the type of the job that it makes. */
export const dataExchangeForms = {
  IMPORT_ASSETS_FROM_S3: {
    kind: 'Import from S3',
    texts: [...draft, [/^Bucket/, demo.bucket], [/^Key/, 'prices/2024/03.csv']],
    shown: [`s3://${demo.bucket}/prices/2024/03.csv`],
  },
  EXPORT_ASSETS_TO_S3: {
    kind: 'Export assets to S3',
    texts: [...draft, [/^Asset/, demo.assetId], [/^Bucket/, demo.exportBucket]],
    shown: [demo.exportBucket],
  },
  EXPORT_REVISIONS_TO_S3: {
    kind: 'Export a revision to S3',
    texts: [...draft, [/^Bucket/, demo.exportBucket]],
    shown: [demo.exportBucket],
  },
  EXPORT_ASSET_TO_SIGNED_URL: {
    kind: 'Download a file',
    texts: [...draft, [/^Asset/, demo.assetId]],
    shown: ['prices/2024/01.csv'],
  },
  CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET: {
    kind: 'Share an S3 bucket',
    texts: [...draft, [/^Bucket/, demo.bucket]],
    shown: [demo.bucket],
  },
  IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES: {
    kind: 'Import Redshift data shares',
    texts: [...draft, [/^Data share/, dataShare]],
    shown: [dataShare],
  },
  IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY: {
    kind: 'Import by Lake Formation tags',
    texts: [
      ...draft,
      [/^AWS account/, '123456789012'],
      [/^IAM role/, role],
      ...([
        [/^Key/, 'sensitivity', table],
        [/^Values/, 'low', table],
      ] as const),
    ],
    ticks: [[/^SELECT/i, table]],
    shown: ['123456789012', role, 'sensitivity'],
  },
  IMPORT_ASSET_FROM_API_GATEWAY_API: {
    kind: 'Import an API',
    texts: [...draft, [/^API id/, 'a1b2c3'], [/^Name for/, 'Prices'], [/^Stage/, 'prod'], [/^MD5 hash/, md5OfHello]],
    shown: ['a1b2c3', 'Prices'],
  },
  IMPORT_ASSET_FROM_SIGNED_URL: {
    kind: 'Upload a file',
    texts: [...draft, [/^Name of the asset/, 'hello.txt'], [/^MD5 hash/i, md5OfHello]],
    shown: ['hello.txt'],
  },
} satisfies Readonly<Record<string, FilledForm>>;

const returnAddress = /^Return address/;
const address = [
  [/^Name/, 'Jane Roe', returnAddress],
  [/^Street and/, '123 Any Street', returnAddress],
  [/^City/, 'Anytown', returnAddress],
  [/^State/, 'WA', returnAddress],
  [/^Postal/, '91011-1111', returnAddress],
  [/^Phone/, '206-555-1111', returnAddress],
  [/^Country/, 'USA', returnAddress],
] as const;

/** By the kind of manifest. */
export const manifestForms: Readonly<Record<string, FilledForm>> = {
  importToS3: {
    kind: 'Disk to S3',
    texts: [[/^Name of the disk/, 'DISK-0001'], [/^Bucket/, demo.bucket], ...address],
    shown: ['DISK-0001', demo.bucket],
  },
  importToGlacier: {
    kind: 'Disk to Glacier',
    texts: [
      ...([
        [/^Name of the disk/, 'DISK-0002'],
        [/^Region/, 'us-east-1'],
        [/^Vault/, 'archive'],
        [/^Archive/, 'The year 2024'],
      ] as const),
      [/^Log bucket/, demo.logBucket],
      ...address,
    ],
    shown: ['vaultName'],
  },
  exportFromS3: {
    kind: 'S3 to a disk',
    texts: [
      ...([
        [/^Name of the disk/, 'DISK-0003'],
        [/^Export bucket/, demo.exportBucket],
        [/^Log bucket/, demo.logBucket],
      ] as const),
      [/^PIN code/, '4711', /^Encryption/],
      ...address,
    ],
    ticks: [[/^PIN code/, /^Encryption/]],
    choices: [[/^File system/, /^ext4$/i]],
    shown: ['DISK-0003'],
  },
  text: {
    kind: 'A manifest as text',
    texts: [
      [
        /^(Text|Manifest)/,
        `manifestVersion: 2.0\ngenerator: Hand\nbucket: ${demo.bucket}\ndeviceId: DISK-0004\neraseDevice: yes\nreturnAddress:\n    name: Jane Roe\n    street1: 123 Any Street\n    city: Anytown\n    stateOrProvince: WA\n    postalCode: 91011-1111\n    phoneNumber: 206-555-1111\n    country: USA\n`,
      ],
    ],
    choices: [[/^Direction/, /import|disk to/i]],
    shown: ['DISK-0004'],
  },
};

/** Goes to the form by the links, and fills it in. */
export async function fillIn(page: Page, { kind, texts, ticks = [], choices = [] }: FilledForm): Promise<void> {
  await page.getByRole('link', { name: 'New job' }).click();
  await page.getByRole('link', { name: kind, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: kind }).waitFor();
  await openAll(page);
  for (const [label, group] of ticks) await groupOf(page, group).getByLabel(label).first().check();
  for (const [label, text, group] of texts) {
    const field = fieldAt(page, label, group);
    await field.fill(text);
    // A list of offers may be open under it.
    await field.press('Tab');
  }
  for (const [label, option] of choices) {
    const field = page.getByRole('combobox', { name: label }).first();
    const named = await field.getByRole('option', { name: option }).first().innerText();
    await field.selectOption({ label: named });
  }
}

/** The first field with such a label that takes a text. */
export function fieldAt(page: Page, label: RegExp, group?: RegExp): Locator {
  const texts = page.locator('input:not([type=radio], [type=checkbox], [type=file]), textarea');
  return groupOf(page, group).getByLabel(label).and(texts).first();
}

function groupOf(page: Page, name: RegExp | undefined): Locator {
  const form = page.getByRole('main');
  return name === undefined ? form : form.getByRole('group', { name }).first();
}

/** Shows what few people need, and adds the first entry of the lists that are needed here. */
async function openAll(page: Page): Promise<void> {
  const closed = page.locator('main details:not([open]) > summary');
  for (let rounds = 0; rounds < 30 && (await closed.count()) > 0; rounds += 1) await closed.first().click();
}

export async function create(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Create( and .*)?$/ }).click();
}
