/** The AWS CLI, with its own retries, against an emulator with variety. */
import { join } from 'node:path';
import type { GetJobResponse } from '@aws-sdk/client-dataexchange';
import { expect } from 'vitest';
import { demo } from '../../../src/emulator/demo.ts';
import { aws, describeCli, emptySuccess } from '../support/aws-cli.ts';
import { startEmulator, stepMs } from '../support/emulator.ts';
import { importFrom } from '../support/job-requests.ts';
import { lagMs, seeded } from '../support/variety.ts';

const manifestPath = join(import.meta.dirname, '..', 'aws-cli', 'manifest.txt');

describeCli('the AWS CLI', () => {
  seeded('the CLI runs a Data Exchange job and reads a whole list', async (seed) => {
    const emulator = await startEmulator(seed);
    const cli = (...args: readonly string[]) => aws(emulator, 'dataexchange', ...args);
    const ids = [...(await emulator.seed('dataExchange', 20))];
    const { output } = await cli('create-job', '--cli-input-json', JSON.stringify(importFrom(demo.bucket)));
    const { Id = '' } = output as GetJobResponse;
    await emulator.clock.advance(lagMs);
    expect(await cli('start-job', '--job-id', Id)).toEqual(emptySuccess);
    await emulator.clock.advance(stepMs);
    expect((await cli('get-job', '--job-id', Id)).output).toMatchObject({ Id, State: 'COMPLETED' });
    const { output: listed } = await cli('list-jobs', '--page-size', '7', '--query', 'Jobs[].Id');
    expect(listed).toEqual([Id, ...ids.toReversed()]);
  });

  seeded('the CLI creates an Import/Export job, reads it and cancels it', async (seed) => {
    const emulator = await startEmulator(seed);
    const cli = (...args: readonly string[]) => aws(emulator, 'importexport', ...args);
    const newImport = ['--job-type', 'import', '--manifest', `file://${manifestPath}`, '--no-validate-only'];
    const { output } = await cli('create-job', ...newImport);
    const { JobId } = output as { readonly JobId: string };
    await emulator.clock.advance(lagMs);
    expect((await cli('get-status', '--job-id', JobId)).output).toMatchObject({ JobId, ErrorCount: 0 });
    expect((await cli('cancel-job', '--job-id', JobId)).exitCode).toBe(0);
    const { output: listed } = await cli('list-jobs', '--query', 'Jobs[].[JobId, IsCanceled]');
    expect(listed).toEqual([[JobId, true]]);
  });
});
