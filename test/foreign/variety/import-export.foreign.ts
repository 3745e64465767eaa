/** The SDK for JavaScript, version 2, with its own retries, against an emulator with variety. */
import { expect } from 'vitest';
import { importManifest, withField } from '../../unit/emulator/manifests.ts';
import { startEmulator } from '../support/emulator.ts';
import { type ImportExport, importExport, signatureVersions } from '../support/import-export.ts';
import { lagMs, seeded } from '../support/variety.ts';

const newImport = { JobType: 'Import', Manifest: importManifest, ValidateOnly: false };

/** Reads each page after the last job of the previous one. */
async function listed(client: ImportExport, MaxJobs: number): Promise<readonly [string, boolean][]> {
  const jobs: [string, boolean][] = [];
  for (let Marker: string | undefined; ; ) {
    const { Jobs, IsTruncated } = await client.listJobs({ MaxJobs, Marker }).promise();
    jobs.push(...(Jobs ?? []).map(({ JobId, IsCanceled }): [string, boolean] => [JobId, IsCanceled]));
    if (!IsTruncated) return jobs;
    Marker = jobs.at(-1)?.[0];
  }
}

for (const signatureVersion of signatureVersions) {
  seeded(
    `the SDK of version 2, signing with ${signatureVersion}, creates, updates, cancels and lists jobs`,
    async (seed) => {
      const emulator = await startEmulator(seed);
      const client = importExport(emulator, { signatureVersion });
      const ids: string[] = [];
      for (let count = 0; count < 6; count += 1) {
        ids.unshift((await client.createJob(newImport).promise()).JobId);
        await emulator.clock.advance(lagMs);
      }
      const [newest = '', next = ''] = ids;
      expect((await client.getStatus({ JobId: newest }).promise()).CurrentManifest).toBe(importManifest);
      const Manifest = withField(importManifest, 'logPrefix', 'again-');
      await client.updateJob({ JobId: newest, JobType: 'Import', Manifest, ValidateOnly: false }).promise();
      expect(await client.getStatus({ JobId: newest }).promise()).toMatchObject({
        JobId: newest,
        CurrentManifest: Manifest,
        CreationDate: expect.any(Date),
        ErrorCount: 0,
      });
      await client.cancelJob({ JobId: next }).promise();
      const all = ids.map((id) => [id, id === next]);
      for (const size of [2, 100]) expect(await listed(client, size)).toEqual(all);
    },
  );
}
