/** `waybill serve`: serves the gateway. */
import { join } from 'node:path';
import { type Abandoned, type RunningServer, startServer } from '../app/server.ts';
import { systemClock } from '../app/system-clock.ts';
import { configFrom } from '../config/config.ts';
import { takeEnvironmentKey } from '../config/environment-key.ts';
import { createLog, type Log } from '../log/log.ts';
import { StderrLines } from '../log/stderr-lines.ts';
import { backendDescription, callersDescription } from './descriptions.ts';
import { fail } from './failure.ts';
import { print } from './output.ts';
import { exitOnUncaught, replaceNodeDiagnostics } from './process-handlers.ts';
import { type Ending, hardExitMs, stopOnSignal } from './stop-on-signal.ts';
import { expectNoArguments } from './usage-error.ts';

/** Serves until a signal ends it. Rejects if the gateway cannot start. */
export async function serve(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  expectNoArguments('serve', argv);
  const config = configFrom(env);
  const key = takeEnvironmentKey(env);
  const {
    error: log,
    operation: onOperation,
    logger,
  } = createLog({
    level: config.logLevel,
    clock: systemClock,
    write: new StderrLines(systemClock).write,
  });
  const running: { server?: RunningServer } = {};
  replaceNodeDiagnostics((line) => logger.warn(line));
  exitOnUncaught({
    clock: systemClock,
    log,
    drain: () => running.server?.drain(),
    close: async () => running.server?.close(),
    exit: (code) => process.exit(code),
  });
  // Built beside the program.
  const boardFolder = join(import.meta.dirname, 'board');
  const notice = (line: string): void => logger.info(line);
  const starting = startServer({ config, log, notice, onOperation, boardFolder, ...(key && { awsCredentials: key }) });
  // A signal during the start also shuts down in order. Without a handler the first process of a container would ignore
  // it.
  stopOnSignal({
    close: () => starting.then(stopGracefully),
    onEnd: (how) => logAbandoned(logger, how, running.server?.abandoned()),
    onFailure: fail,
  });
  const server = await starting;
  running.server = server;
  print(`Waybill: one GraphQL API over AWS Import/Export and AWS Data Exchange jobs`);
  print(`  listening on   ${server.url}${config.graphiql ? '   (GraphiQL in a browser)' : ''}`);
  if (config.board) print(`  board          ${server.boardUrl ?? 'not served, as it is not built (npm run build)'}`);
  const controls = server.emulatorUrl && `; its signed URLs and its control API are on ${server.emulatorUrl}`;
  print(`  backend        ${backendDescription(config)}${controls ?? ''}`);
  if (server.metricsUrl !== undefined) print(`  metrics        ${server.metricsUrl}`);
  print(`  callers        ${callersDescription(config)}`);
}

function logAbandoned(logger: Log['logger'], how: Ending, abandoned: Abandoned | undefined): void {
  if (how === 'too late') logger.error({ abandoned }, `not everything was closed within ${hardExitMs} ms`);
  else if (abandoned && Object.values(abandoned).some((count) => count > 0)) logger.warn({ abandoned }, 'closed');
}

/** Load balancers probe every second or two. Until then requests still arrive, and are refused so that they go elsewhere. */
const balancerWaitMs = 2_000;

async function stopGracefully({ drain, close }: RunningServer): Promise<void> {
  drain();
  await new Promise<void>((resolve) => systemClock.schedule(resolve, balancerWaitMs));
  await close();
}
