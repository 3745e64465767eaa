#!/usr/bin/env node
/** The command: `waybill [serve | emulator | schema | token]`, by what is typed first. */
import { emulator } from './cli/emulator.ts';
import { fail } from './cli/failure.ts';
import { schema } from './cli/schema.ts';
import { serve } from './cli/serve.ts';
import { token } from './cli/token.ts';
import { outliveOutput } from './log/last-resort.ts';

/** Takes what is typed behind its name, and the environment, which is read nowhere else. Rejects with why it cannot be done. */
type Command = (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['serve', serve],
  ['emulator', emulator],
  ['token', token],
  ['schema', schema],
]);

outliveOutput();
const [name = 'serve', ...argv] = process.argv.slice(2);
const command = commands.get(name);
if (command === undefined) fail(new Error(`expected one of ${[...commands.keys()].join(', ')}, received ${name}`));
command(argv, process.env).catch(fail);
