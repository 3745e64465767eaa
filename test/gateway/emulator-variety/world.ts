/** A gateway over an emulator that varies: they talk over sockets, as the gateway does with AWS. */
import { onTestFinished, vi } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { settingsOver, startLastingEmulator } from '../../support/lasting-emulator.ts';
import { seededBy } from '../../support/seeded.ts';

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

/** Tried under each seed; a failure says how to repeat it. */
export const seeded = seededBy('npx vitest run test/gateway/emulator-variety');
