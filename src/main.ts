/** The command: `node dist/main.js` serves the gateway, `… emulator` the emulator alone, `… schema` prints the schema, `… token` keeps tokens. */

import { type Abandoned, type RunningServer, startServer, systemClock } from './app/server.ts';
import { tokenCommand } from './cli/token.ts';
import { type Config, ConfigError, configFrom } from './config/config.ts';
import { takeEnvironmentKey } from './config/environment-key.ts';
import { createEmulator } from './emulator/index.ts';
import { serveEmulator } from './emulator/server.ts';
import { exitOnUncaught, keepQuiet, outliveOutput } from './log/last-resort.ts';
import { createLog, type Log, type LogLevel } from './log/log.ts';
import { scrubbed } from './log/scrub.ts';
import { StderrLines } from './log/stderr-lines.ts';
import { printedSchema } from './schema/print.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** For whoever typed a command and looks at what it says. What serves writes a log. */
const complain = (line: string): void => void process.stderr.write(`waybill: ${scrubbed(line)}\n`);

const logAt = (level: LogLevel): Log =>
  createLog({ level, clock: systemClock, write: new StderrLines(systemClock).write });

async function serveGateway(env: NodeJS.ProcessEnv): Promise<void> {
  const config = configFrom(env);
  const key = takeEnvironmentKey(env);
  const { complain: log, operation: onOperation, logger } = logAt(config.logLevel);
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
  stopOnSignal(
    () => starting.then(stopGently),
    (how) => sayAbandoned(logger, how, running.server?.abandoned()),
  );
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

/** `token add`, `token list`, `token remove`: on the file that `WAYBILL_TOKENS_FILE` names. */
async function keepTokens(argv: readonly string[], { WAYBILL_TOKENS_FILE: path }: NodeJS.ProcessEnv): Promise<void> {
  if (path === undefined || path === '')
    throw new Error('WAYBILL_TOKENS_FILE: expected the path of a file, received none');
  for (const line of await tokenCommand([...argv], { path, clock: systemClock })) say(line);
}

async function serveEmulatorAlone(config: Config): Promise<void> {
  const origin = (): string => `http://127.0.0.1:${listener.port}`;
  const { now } = systemClock;
  const emulator = createEmulator({ clock: systemClock, wallClock: now, origin, ...config.emulator });
  const listener = await serveEmulator(emulator, config.emulator.port);
  stopOnSignal(listener.close);
  say(`Waybill's emulator of AWS Import/Export and AWS Data Exchange`);
  say(`  listening on   ${origin()}`);
}

function awsDescription({ endpoints }: Config): string {
  const places = [endpoints.dataExchange ?? 'AWS Data Exchange', endpoints.importExport ?? 'AWS Import/Export'];
  return `aws: ${places.join(' and ')}`;
}

/** What is not closed by then is cut off: whoever sent the signal would kill the process next. */
const hardExitMs = 10_000;

type Ending = 'closed' | 'too late';

/** The second signal does not wait. `onEnd` has the last word. */
function stopOnSignal(close: () => Promise<void>, onEnd: (how: Ending) => void = () => {}): void {
  const end = (how: Ending): never => {
    onEnd(how);
    process.exit(how === 'closed' ? 0 : 1);
  };
  const stop = (): void => {
    process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
    systemClock.schedule(() => end('too late'), hardExitMs);
    close().then(() => end('closed'), fail);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

function fail(error: unknown): never {
  if (error instanceof ConfigError) for (const fault of error.faults) complain(fault);
  else complain(error instanceof Error ? error.message : 'unforeseen');
  process.exit(1);
}

const commands: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['serve', async () => serveGateway(process.env)],
  ['emulator', async () => serveEmulatorAlone(configFrom(process.env))],
  ['token', async () => keepTokens(process.argv.slice(3), process.env)],
  ['schema', async () => void process.stdout.write(printedSchema())],
]);

outliveOutput();
const name = process.argv[2] ?? 'serve';
const command = commands.get(name);
if (command === undefined) fail(new Error(`expected one of ${[...commands.keys()].join(', ')}, received ${name}`));
command().catch(fail);
