/** The service reads every typed manifest as the same data, or the gateway refuses it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ManifestNode, readManifest } from '../../src/emulator/import-export/manifest-reader.ts';
import { createEmulator } from '../../src/emulator/index.ts';
import { BackendError } from '../../src/model/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, uninterrupted } from '../unit/backends/import-export/fixtures.ts';
import { manifest, type TypedCustoms, type TypedManifest } from './manifest-inputs.ts';
import { requestRuns } from './runs.ts';
import { strictXml, type XmlNode } from './strict-xml.ts';

const origin = 'http://127.0.0.1:4566';

/** The signing time of the fixtures' client. */
const clock = new FakeClock(Date.parse('2015-05-27T18:58:21Z'));

/** A job at an emulator whose manifest can be replaced, without the daily quota of new jobs, and read back. */
async function openJob() {
  const emulator = createEmulator({ clock, wallClock: clock.now, stepMs: 3_600_000, origin: () => origin });
  const send = (path: string, init: RequestInit) => emulator.handle(new Request(`${origin}${path}`, init));
  const seeded = await send('/_emulator/seed', { method: 'POST', body: '{"importExport":1}' });
  const { importExport } = (await seeded.json()) as { importExport: readonly string[] };
  const awsJobId = importExport[0] ?? '';
  let reply = new Uint8Array();
  const client = clientOf({
    endpoint: origin,
    transport: async (_url, request) => {
      reply = await (await send('/', { ...request, body: request.body ?? null })).bytes();
      return new Response(reply);
    },
  });
  return {
    replace: (given: TypedManifest) =>
      client.updateJob(awsJobId, { manifest: given, validateOnly: false }, uninterrupted),
    manifest: async () => {
      await client.getStatus(awsJobId, uninterrupted);
      return textOf(strictXml(reply), 'CurrentManifest');
    },
  };
}

/** The text of the only element of this name. */
function textOf(node: XmlNode, name: string): string {
  const [text] = textsOf(node, name);
  if (text === undefined) throw new Error(`expected an element ${name}`);
  return text;
}

function textsOf(node: XmlNode, name: string): readonly string[] {
  return node.name === name ? [node.text] : node.children.flatMap((child) => textsOf(child, name));
}

test('a typed manifest reaches the service as the same data', { timeout: 240_000 }, async () => {
  const job = await openJob();
  let accepted = 0;
  const property = fc.asyncProperty(manifest, async (given) => {
    const outcome = await job.replace(given).catch((error: unknown) => error);
    if (outcome instanceof Error) return expectRefusedHere(outcome);
    expect(plain(readManifest(await job.manifest()))).toMatchObject(fieldsOf(given));
    accepted += 1;
  });
  await fc.assert(property, { numRuns: requestRuns });
  expect(accepted).toBeGreaterThan(requestRuns / 3);
});

function expectRefusedHere(error: Error): void {
  expect(error).toBeInstanceOf(BackendError);
  expect(error).toMatchObject({ code: 'INVALID_INPUT', awsCode: undefined, field: expect.any(Array) });
}

/** The expected fields of the manifest by the guide's names, as far as callers write them. */
function fieldsOf(given: TypedManifest): object {
  if ('importToS3' in given) {
    const { deviceId, returnAddress, customs, encryption, contentTypes, ...others } = given.importToS3;
    const { logPrefix, prefix, cacheControl, contentDisposition, contentLanguage, ignore } = others;
    return withoutAbsent({
      ...{ deviceId, logPrefix, prefix, cacheControl, contentDisposition, contentLanguage, ignore, ...encryption },
      returnAddress: withoutAbsent(returnAddress),
      customs: customs && customsFields(customs),
      contentTypes: contentTypes && Object.fromEntries(contentTypes.map((type) => [type.extension, type.contentType])),
    });
  }
  if ('importToGlacier' in given) {
    const { deviceId, returnAddress, customs, encryption, logPrefix, vaultName, archiveComment } =
      given.importToGlacier;
    return withoutAbsent({
      ...{ deviceId, logPrefix, ...encryption },
      returnAddress: withoutAbsent(returnAddress),
      customs: customs && customsFields(customs),
      operations: [{ vaultName, archiveComment }],
    });
  }
  const { deviceId, returnAddress, customs, encryption, logPrefix, recoveryDirectory, operations } = given.exportFromS3;
  return withoutAbsent({
    ...{ deviceId, logPrefix, recoveryDirectory, ...encryption },
    returnAddress: withoutAbsent(returnAddress),
    customs: customs && customsFields(customs),
    operations: operations.map(withoutAbsent),
  });
}

function customsFields({ deviceHts, encryptedData, requiresExportLicense, ...texts }: TypedCustoms): object {
  const answers = { encryptedData: yesOrNo(encryptedData), requiresExportLicense: yesOrNo(requiresExportLicense) };
  return withoutAbsent({ ...texts, ...answers, deviceHTS: deviceHts });
}

function yesOrNo(answer: boolean): string {
  return answer ? 'yes' : 'no';
}

function withoutAbsent(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function plain(node: ManifestNode): unknown {
  if (node instanceof Map) return Object.fromEntries([...node].map(([name, value]) => [name, plain(value)]));
  return Array.isArray(node) ? node.map(plain) : node;
}
