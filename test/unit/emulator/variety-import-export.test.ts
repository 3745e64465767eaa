/** Import/Export with variety: which responses a seed gives, and what stays true with each seed. */
import { expect, test } from 'vitest';
import { strictXml, type XmlNode } from '../../model/strict-xml.ts';
import { type Reply, startEmulator } from './harness.ts';
import { importManifest, withField } from './manifests.ts';

/** Every character that XML can spell in several ways, and one of two code units. */
const label = `a & b <c> ]]> "d" 'e' &amp; &#13; Zürich 東京 😀`;
const manifest = `${withField(importManifest, 'deviceId', label)}\r\n`;
const create = { JobType: 'Import', Manifest: manifest, ValidateOnly: 'false' };

function node(reply: Reply, ...path: readonly string[]): XmlNode | undefined {
  const root: XmlNode | undefined = strictXml(Buffer.from(reply.text));
  return path.reduce<XmlNode | undefined>((at, name) => at?.children.find((child) => child.name === name), root);
}

function idOf(created: Reply): string {
  return node(created, 'CreateJobResult', 'JobId')?.text ?? '';
}

function listedIn(reply: Reply): readonly string[] {
  const members = node(reply, 'ListJobsResult', 'Jobs')?.children ?? [];
  return members.map(({ children }) => children.find(({ name }) => name === 'JobId')?.text ?? '');
}

/** The responses about eight new jobs, at once and later, without the ids that differ in each run. */
async function run(variety: string | undefined): Promise<readonly string[]> {
  const { device, clock } = startEmulator({ variety });
  const replies: Reply[] = [];
  const ids: string[] = [];
  for (let count = 0; count < 8; count += 1) {
    const created = await device('CreateJob', create);
    ids.push(idOf(created));
    replies.push(created, await device('ListJobs'));
    await clock.advance(100);
  }
  for (const JobId of ids) replies.push(await device('GetStatus', { JobId }));
  const random = /<(JobId|Signature|SignatureFileContents|RequestId)>[\s\S]*?<\/\1>/g;
  return replies.map(({ status, text }) => `${status} ${text.replace(random, '<$1/>')}`);
}

test.each(['1', '2', 'nightly'])('The seed %s gives the same Import/Export responses in each run', async (seed) => {
  expect(await run(seed)).toEqual(await run(seed));
});

test('Other seeds give other Import/Export responses, with CDATA, references and omitted members', async () => {
  const plain = await run(undefined);
  const varied = [await run('1'), await run('2')];
  expect(varied[0]).not.toEqual(varied[1]);
  expect(varied).not.toContainEqual(plain);
  const all = varied.flat();
  expect(all.some((answer) => answer.includes('<![CDATA['))).toBe(true);
  expect(all.some((answer) => /&#\d+;/.test(answer))).toBe(true);
  expect(all.some((answer) => answer.includes('.000Z'))).toBe(true);
  expect(all.some((answer) => answer.includes('GetStatusResult') && !answer.includes('<LocationMessage>'))).toBe(true);
});

test.each(['1', '2', '3', '4', '5', '6'])(
  'With the seed %s a strict XML parser reads the manifest as it was sent',
  async (variety) => {
    const { device } = startEmulator({ variety });
    const JobId = idOf(await device('CreateJob', create));
    for (let count = 0; count < 10; count += 1) {
      const status = await device('GetStatus', { JobId });
      expect(node(status, 'GetStatusResult', 'CurrentManifest')?.text).toBe(manifest);
      expect(node(status, 'GetStatusResult', 'JobId')?.text).toBe(JobId);
    }
  },
);

test.each(['1', '2', '3', '4', '5', '6'])(
  'With the seed %s each new Import/Export job is listed once, on pages that say whether there are more',
  async (variety) => {
    const { device, clock } = startEmulator({ variety });
    const created: string[] = [];
    for (let count = 0; count < 12; count += 1) created.push(idOf(await device('CreateJob', create)));
    await clock.advance(1_200);
    const listed: string[] = [];
    for (let isTruncated = true; isTruncated; ) {
      const last = listed.at(-1);
      const page = await device('ListJobs', { MaxJobs: '5', ...(last !== undefined && { Marker: last }) });
      listed.push(...listedIn(page));
      isTruncated = node(page, 'ListJobsResult', 'IsTruncated')?.text === 'true';
    }
    expect(listed).toEqual([...created].reverse());
  },
);
