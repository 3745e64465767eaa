#!/usr/bin/env node
/** The command `waybill`. */
import nodeModule from 'node:module';
import { join } from 'node:path';
import { fail } from './cli/failure.ts';
import { type CommandName, commandNames, helpText, isCommandName, versionText } from './cli/help.ts';
import { ignoreOutputErrors } from './cli/process-handlers.ts';
import { UsageError } from './cli/usage-error.ts';

/**
 * Receives the arguments after its name, and the environment, which is read nowhere else. Rejects with the reason of a
 * failure.
 */
type Command = (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

/** Each loads one command with what it needs, and none of the others. */
const commands: Readonly<Record<CommandName, () => Promise<Command>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve,
  emulator: async () => (await import('./cli/emulator.ts')).emulator,
  'check-config': async () => (await import('./cli/check-config.ts')).checkConfig,
  schema: async () => (await import('./cli/schema.ts')).schema,
  token: async () => (await import('./cli/token.ts')).token,
};

const asksForHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/** Without a command the gateway is served. */
async function run([first, ...others]: readonly string[]): Promise<void> {
  if (asksForHelp(first)) return void process.stdout.write(helpText());
  if (first === '--version' || first === '-v') return void process.stdout.write(versionText());
  const name = first ?? 'serve';
  if (!isCommandName(name))
    throw new UsageError(`expected one of ${commandNames.join(', ')}, received ${JSON.stringify(name)}`);
  if (others.some(asksForHelp)) return void process.stdout.write(helpText(name));
  const command = await commands[name]();
  await command(others, process.env);
}

/**
 * Node 22.8 and later keep compiled code in a folder for the next start, and carry on without where it cannot be written. Node's own
 * default is a folder for everybody's temporary files; this one is only open to those who could change the program itself.
 */
function keepCompiledCode(): void {
  if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function')
    nodeModule.enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'waybill-compiled'));
}

keepCompiledCode();
// Else graphql-js looks for a second copy of itself at each value that it completes: 5 % of the time of a list of 100 jobs (16.15.0).
process.env['NODE_ENV'] ??= 'production';
ignoreOutputErrors();
run(process.argv.slice(2)).catch(fail);
