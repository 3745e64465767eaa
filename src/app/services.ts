/** Creates the backends of the two services: those of AWS, or the emulator in this process. */
import type { AskedServices, Backends } from '../backends/backend.ts';
import { type AwsCredentials, createKeyCheck } from '../backends/calls/credentials.ts';
import type { CallObserver } from '../backends/calls/observer.ts';
import {
  awsBackends,
  createRegionReader,
  credentialsProvider,
  emulatorBackends,
  emulatorRegion,
} from '../backends/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';

export interface Services {
  readonly backends: Backends;
  /** What the API says of them. */
  readonly asked: AskedServices;
  /** The URL of the embedded emulator; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  /** Whether credentials to sign with have been found. */
  readonly hasKey: () => Promise<boolean>;
  readonly close: () => Promise<void>;
}

export interface ServicesOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** For AWS. Absent: AWS's default credential chain. */
  readonly awsCredentials?: AwsCredentials | undefined;
  readonly observer: CallObserver | undefined;
}

export async function startServices({ config, clock, awsCredentials, observer }: ServicesOptions): Promise<Services> {
  const { endpoints, importExportSignature } = config;
  const common = { importExportSignature, clock, ...(observer && { observer }) };
  if (config.backend === 'aws') {
    const credentials = credentialsProvider(awsCredentials);
    const backends = await awsBackends({ ...common, endpoints, credentials });
    const asked = { backend: 'AWS', region: createRegionReader() } as const;
    return {
      backends,
      asked,
      emulatorUrl: undefined,
      hasKey: createKeyCheck(credentials, clock),
      close: async () => {},
    };
  }
  const [{ createEmulator }, { serveEmulator }] = await Promise.all([
    import('../emulator/index.ts'),
    import('../emulator/server.ts'),
  ]);
  // The gateway calls the emulator in this process. The port is for signed URLs and the control API.
  const emulator = createEmulator({
    clock,
    wallClock: clock.now,
    stepMs: config.emulator.stepMs,
    origin: () => emulatorUrl,
    variety: config.emulator.variety,
  });
  const listener = await serveEmulator(emulator, 0);
  const emulatorUrl = `http://127.0.0.1:${listener.port}`;
  emulator.addDemoJobs();
  const backends = emulatorBackends({ ...common, emulator, origin: emulatorUrl });
  const asked = { backend: 'EMULATOR', region: async () => emulatorRegion } as const;
  return { backends, asked, emulatorUrl, hasKey: async () => true, close: listener.close };
}
