#!/usr/bin/env node
/** The command `waybill [serve | emulator | schema | token]`. */
import { emulator } from './cli/emulator.ts';
import { fail } from './cli/failure.ts';
import { schema } from './cli/schema.ts';
import { serve } from './cli/serve.ts';
import { token } from './cli/token.ts';
import { ignoreOutputErrors } from './log/process-handlers.ts';

/**
 * Receives the arguments after its name, and the environment, which is read nowhere else. Rejects with the reason of a
 * failure.
 */
type Command = (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['serve', serve],
  ['emulator', emulator],
  ['token', token],
  ['schema', schema],
]);

ignoreOutputErrors();
const [name = 'serve', ...argv] = process.argv.slice(2);
const command = commands.get(name);
if (command === undefined) fail(new Error(`expected one of ${[...commands.keys()].join(', ')}, received ${name}`));
command(argv, process.env).catch(fail);
