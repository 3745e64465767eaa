/** The gateway as a child process, as an operator runs it: tests see its output and how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { builtProgram, builtProgramWithBoard } from './built-program.ts';

/** The exit of a process: its own code, or a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildGateway {
  /** The URL of operations. */
  readonly url: string;
  /** The embedded emulator's address; empty with other backends. */
  readonly emulatorUrl: string;
  readonly pid: number;
  /** The whole output so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly exit: Promise<Exit>;
  /** Closes the reading end of its stderr, so that its writes meet a closed pipe. */
  readonly stopListening: () => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Sends SIGTERM, as a service manager does, and waits for the end. */
  readonly stop: () => Promise<Exit>;
  /** Sends SIGKILL and waits for the end. */
  readonly die: () => Promise<Exit>;
}

export interface ChildOptions {
  /** Unless false the process ends with the test; otherwise the caller calls `stop`. */
  readonly endsWithTest?: boolean;
  /** Options for Node, before the program. */
  readonly nodeArgs?: readonly string[];
  /** Commands of the shell before it becomes the process, such as `exec 2>/dev/full`. */
  readonly shell?: string;
  /** Whether the board is built beside the program. */
  readonly withBoard?: boolean;
  /** The folder of the program; that of the repository unless given. */
  readonly program?: string;
}

/**
 * Starts on free ports. Of this process's environment it receives only `PATH` and `HOME`, so that no developer's key
 * gets in. Rejects with its output if it ends before it listens.
 */
export async function startChildGateway(
  env: Readonly<Record<string, string>> = {},
  { endsWithTest = true, nodeArgs = [], shell = ':', withBoard = false, ...options }: ChildOptions = {},
): Promise<ChildGateway> {
  const { PATH = '', HOME = '' } = process.env;
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-data-'));
  const program = options.program ?? (await (withBoard ? builtProgramWithBoard() : builtProgram()));
  const command = [process.execPath, ...nodeArgs, join(program, 'main.js')];
  const child = spawn('sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command], {
    env: { PATH, HOME, PORT: '0', WAYBILL_DATA_DIR: dataDir, WAYBILL_EMULATOR_STEP_MS: '3600000', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = outputOf(child);
  const exit = new Promise<Exit>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  void exit.then(() => rmSync(dataDir, { recursive: true, force: true }));
  const endBy = (signal: NodeJS.Signals) => (): Promise<Exit> => {
    child.kill(signal);
    return exit;
  };
  const die = endBy('SIGKILL');
  if (endsWithTest) onTestFinished(() => die().then(() => {}));
  const url = await addressOf(output, child, exit);
  return {
    url,
    emulatorUrl: /control API are on (\S+)/.exec(output.stdout())?.[1] ?? '',
    pid: child.pid ?? 0,
    ...output,
    exit,
    stopListening: () => void child.stderr?.destroy(),
    kill: (signal) => void child.kill(signal),
    stop: endBy('SIGTERM'),
    die,
  };
}

type Output = Pick<ChildGateway, 'stderr' | 'stdout'>;

function outputOf({ stdout, stderr }: ChildProcess): Output {
  return { stdout: textOf(stdout), stderr: textOf(stderr) };
}

function textOf(stream: Readable | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return () => text;
}

/** The greeting is written at once, with the URL in its second line and the callers in its last. */
async function addressOf(output: Output, child: ChildProcess, exit: Promise<Exit>): Promise<string> {
  const greeting = new Promise<string>((resolve) => {
    child.stdout?.on('data', () => {
      const url = /listening on +(\S+)/.exec(output.stdout())?.[1];
      if (url !== undefined && /^ {2}callers /m.test(output.stdout())) resolve(url);
    });
  });
  const early = exit.then(({ code, signal }) => {
    throw new Error(`expected a gateway that listens, received exit ${code ?? signal}: ${output.stderr()}`);
  });
  return Promise.race([greeting, early]);
}
