/** A gateway over an emulator that varies: they talk over sockets, as the gateway does with AWS. */
import { inject, onTestFinished, test, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';

/** Jobs stand still unless a test moves them, or says how long each state lasts. */
export async function startVaried(seed: string, stepMs?: number): Promise<TestGateway> {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const emulator = await startLastingEmulator(stepMs, seed);
  const settings = settingsOver(emulator.url);
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = settings;
  const gateway = await startGateway(settings, { awsCredentials: { accessKeyId, secretAccessKey } });
  return { ...gateway, emulator };
}

/** `VARIETY_SEEDS`, such as `1,2`, repeats a run; without it a long run tries seeds that no run before it did. */
function seeds(): readonly string[] {
  const given = process.env['VARIETY_SEEDS'];
  if (given !== undefined) return given.split(',');
  return inject('isLongRun') ? Array.from({ length: 40 }, () => String(Math.floor(Math.random() * 1e9))) : ['1', '2'];
}

/** Tries `body` under each seed; a failure says how to repeat it. */
export function seeded(title: string, body: (seed: string) => Promise<void>): void {
  test.each(seeds())(`with the seed %s ${title}`, async (seed) => {
    try {
      await body(seed);
    } catch (error) {
      if (error instanceof Error) {
        error.message += `\nto repeat: VARIETY_SEEDS=${seed} npx vitest run test/variety -t '${title}'`;
      }
      throw error;
    }
  });
}
