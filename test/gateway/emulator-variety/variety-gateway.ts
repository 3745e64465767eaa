/** A gateway over an emulator with variety, connected by sockets as it is to AWS. */
import { onTestFinished, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { seededBy } from '../../support/seeded.ts';

/** Jobs move only if a test moves them or sets the length of a step. */
export async function startVaried(seed: string, stepMs?: number): Promise<TestGateway> {
  vi.stubEnv('AWS_REGION', 'us-east-1');
  onTestFinished(() => void vi.unstubAllEnvs());
  const emulator = await startLastingEmulator(stepMs, seed);
  const settings = settingsOver(emulator.url);
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = settings;
  const gateway = await startGateway(settings, { awsCredentials: { accessKeyId, secretAccessKey } });
  return { ...gateway, emulator };
}

/** Runs with each seed; a failure says how to repeat it. */
export const seeded = seededBy('npx vitest run test/gateway/emulator-variety');
