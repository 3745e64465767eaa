/** A disk that is full for a while: what was confirmed before, meanwhile and after survives a kill. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type ChildGateway, startChildGateway } from '../../support/child-gateway.ts';
import { dataExchangeDetails } from '../../support/examples.ts';
import { type Answer, ask, temporaryFolder } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';

const create = `mutation ($input: CreateDataExchangeJobInput!) {
  createDataExchangeJob(input: $input) { job { id } userErrors { code } } }`;

function attempt(gateway: ChildGateway, number: number): Promise<Answer> {
  const idempotencyKey = `order-4711-attempt-${number}`;
  const input = { idempotencyKey, details: dataExchangeDetails.IMPORT_ASSETS_FROM_S3 };
  return ask(gateway.url, create, { input });
}

/** Limits the size of the process's files: to the store a full disk, in the middle of an entry. */
function limitFiles({ pid }: ChildGateway, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

// Only Linux can set the limits of a running process.
test.skipIf(process.platform !== 'linux')(
  'a disk that was full keeps what it confirms once there is space, even if the process is killed then',
  async () => {
    const emulator = await startLastingEmulator();
    const settings = { ...settingsOver(emulator.url), WAYBILL_DATA_DIR: temporaryFolder() };
    const first = await startChildGateway(settings);
    limitFiles(first, '20000');
    const answers: Answer[] = [];
    const isRefused = () => answers.at(-1)?.errors !== undefined;
    while (!isRefused()) answers.push(await attempt(first, answers.length));
    // The disk may be full before a create is sent, or between sending it and recording its outcome.
    const codes = ['IDEMPOTENCY_STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN'];
    const refusal = answers.at(-1)?.errors?.[0]?.extensions?.code;
    expect(codes).toContain(refusal);
    // If the store takes no writes nothing was sent.
    const sent = answers.length - (refusal === codes[0] ? 1 : 0);
    expect((await emulator.requests())['DataExchange.CreateJob']).toBe(sent);
    const reason =
      /WAYBILL_DATA_DIR: the folder .{1,200} takes no writes \(File too large\): make room on its disk, at least 4 MiB/;
    await expect.poll(first.stderr).toMatch(reason);
    limitFiles(first, 'unlimited');
    const made = [];
    for (const _ of [1, 2, 3]) made.push(await attempt(first, 100 + made.length));
    expect(first.stderr()).toContain('WAYBILL_DATA_DIR: the store takes writes again.');
    await first.die();

    const second = await startChildGateway(settings);
    for (const [number, answer] of made.entries()) {
      const again = await attempt(second, 100 + number);
      expect(again.extensions).toEqual({ replayed: true });
      expect(again.data).toEqual(answer.data);
    }
  },
  60_000,
);
