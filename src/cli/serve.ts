/** `waybill serve`: the gateway. */
import { type Abandoned, type RunningServer, startServer } from '../app/server.ts';
import { systemClock } from '../app/system-clock.ts';
import { type Config, configFrom } from '../config/config.ts';
import { takeEnvironmentKey } from '../config/environment-key.ts';
import { exitOnUncaught, keepQuiet } from '../log/last-resort.ts';
import { createLog, type Log } from '../log/log.ts';
import { StderrLines } from '../log/stderr-lines.ts';
import { fail } from './failure.ts';
import { say } from './output.ts';
import { type Ending, hardExitMs, stopOnSignal } from './stop-on-signal.ts';

/** Serves the gateway until a signal ends it. Rejects if it cannot start. */
export async function serve(_argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const config = configFrom(env);
  const key = takeEnvironmentKey(env);
  const {
    complain: log,
    operation: onOperation,
    logger,
  } = createLog({
    level: config.logLevel,
    clock: systemClock,
    write: new StderrLines(systemClock).write,
  });
  const running: { server?: RunningServer } = {};
  keepQuiet((line) => logger.warn(line));
  exitOnUncaught({
    clock: systemClock,
    log,
    drain: () => running.server?.drain(),
    close: async () => running.server?.close(),
    exit: (code) => process.exit(code),
  });
  const starting = startServer({ config, log, onOperation, ...(key && { awsCredentials: key }) });
  // A start that is asked to stop ends in order, too. The first process of a container would not even notice the signal.
  stopOnSignal({
    close: () => starting.then(stopGently),
    onEnd: (how) => sayAbandoned(logger, how, running.server?.abandoned()),
    onFailure: fail,
  });
  const server = await starting;
  running.server = server;
  say(`Waybill: one GraphQL API over AWS Import/Export and AWS Data Exchange jobs`);
  say(`  listening on   ${server.url}   (GraphiQL in a browser)`);
  say(
    `  backend        ${config.backend === 'aws' ? awsDescription(config) : `emulator; its signed URLs and its control API are on ${server.emulatorUrl}`}`,
  );
  if (server.metricsUrl !== undefined) say(`  metrics        ${server.metricsUrl}`);
  say(`  callers        ${callersDescription(config)}`);
}

function sayAbandoned(logger: Log['logger'], how: Ending, abandoned: Abandoned | undefined): void {
  if (how === 'too late') logger.error({ abandoned }, `not everything was closed within ${hardExitMs} ms`);
  else if (abandoned && Object.values(abandoned).some((count) => count > 0)) logger.warn({ abandoned }, 'closed');
}

/** Balancers look again every second or two: until they have, requests still come, and are told to go elsewhere. */
const balancerWaitMs = 2_000;

async function stopGently({ drain, close }: RunningServer): Promise<void> {
  drain();
  await new Promise<void>((resolve) => systemClock.schedule(resolve, balancerWaitMs));
  await close();
}

function callersDescription({ auth }: Config): string {
  if (auth.mode === 'none') return 'nobody is asked who they are, so only this machine is served (WAYBILL_AUTH=none)';
  return auth.mode === 'tokens'
    ? `those with a token of ${auth.file}`
    : `those with a JSON Web Token of ${auth.issuer}`;
}

function awsDescription({ endpoints }: Config): string {
  const places = [endpoints.dataExchange ?? 'AWS Data Exchange', endpoints.importExport ?? 'AWS Import/Export'];
  return `aws: ${places.join(' and ')}`;
}
