import { expect, test } from 'vitest';
import { glacierManifest, importManifest } from '../../unit/emulator/manifests.ts';
import { startEmulator } from '../support/emulator.ts';
import { importExport, withoutRequestId } from '../support/import-export.ts';

const newImport = { JobType: 'Import', ValidateOnly: false };

test.each([
  ['CR LF line ends', importManifest.replaceAll('\n', '\r\n')],
  ['CR line ends', importManifest.replaceAll('\n', '\r')],
  ['markup', `generator: <a href="x">&amp; ]]> 'quoted'</a>\n${importManifest}`],
  ['other scripts and an emoji', `generator: Zürich 東京 👩‍💻 \u2028\n${importManifest}`],
  ['the control characters that YAML allows', `generator: a\tb\u0085c\n${importManifest}`],
  ['white space around it', `\n\n  \n${importManifest}  \n\n`],
  ['characters that forms encode', `generator: 1+1=2&3%20;~!*'()\n${importManifest}`],
])('a manifest with %s is returned unchanged', async (_, Manifest) => {
  const client = importExport(await startEmulator());
  const { JobId } = await client.createJob({ ...newImport, Manifest }).promise();
  expect((await client.getStatus({ JobId }).promise()).CurrentManifest).toBe(Manifest);
});

test('a job for Glacier has a bar code instead of a SIGNATURE file', async () => {
  const client = importExport(await startEmulator());
  const job = await client.createJob({ ...newImport, Manifest: glacierManifest }).promise();
  expect(withoutRequestId(job)).toMatchInlineSnapshot(
    { JobId: expect.any(String), ArtifactList: [{ URL: expect.any(String) }] },
    `
    {
      "ArtifactList": [
        {
          "Description": "Bar code",
          "URL": Any<String>,
        },
      ],
      "JobId": Any<String>,
      "JobType": "Import",
      "WarningMessage": "Please use GetShippingLabel API endpoint to print your shipping label.",
    }
  `,
  );
});
