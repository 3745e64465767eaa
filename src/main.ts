#!/usr/bin/env node
/** The command `waybill [serve | emulator | schema | token]`. */
import nodeModule from 'node:module';
import { join } from 'node:path';
import { fail } from './cli/failure.ts';
import { ignoreOutputErrors } from './cli/process-handlers.ts';

/**
 * Receives the arguments after its name, and the environment, which is read nowhere else. Rejects with the reason of a
 * failure.
 */
type Command = (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

/** Each loads one command with what it needs, and none of the others. */
const commands: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ['serve', async () => (await import('./cli/serve.ts')).serve],
  ['emulator', async () => (await import('./cli/emulator.ts')).emulator],
  ['token', async () => (await import('./cli/token.ts')).token],
  ['schema', async () => (await import('./cli/schema.ts')).schema],
]);

async function run(name: string, argv: readonly string[]): Promise<void> {
  const load = commands.get(name);
  if (load === undefined) throw new Error(`expected one of ${[...commands.keys()].join(', ')}, received ${name}`);
  const command = await load();
  await command(argv, process.env);
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
const [name = 'serve', ...argv] = process.argv.slice(2);
run(name, argv).catch(fail);
