/** A worker process that the run sends commands to, over Node's IPC channel; both ends. */
import { type ChildProcess, fork } from 'node:child_process';

interface Request<Command> {
  readonly number: number;
  readonly command: Command;
}

interface Reply<Answer> {
  readonly number: number;
  readonly answer?: Answer;
  readonly failure?: string;
}

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class WorkerProcess<Command, Answer> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #sent = 0;

  constructor(script: string) {
    this.#process = fork(script, { serialization: 'advanced', execArgv: ['--max-old-space-size=4096'] });
    this.#process.on('message', (reply) => this.#settle(reply as Reply<Answer>));
    this.#process.once('exit', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`a client process ended with ${code}`));
    });
  }

  ask(command: Command): Promise<Answer> {
    this.#sent += 1;
    const request: Request<Command> = { number: this.#sent, command };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.number, { resolve, reject });
      this.#process.send(request);
    });
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }

  #settle({ number, answer, failure }: Reply<Answer>): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (answer !== undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(`a client process failed: ${failure}`));
  }
}

/** The worker's end: `handle` performs a command. The process exits with the run. */
export function serveCommands<Command, Answer>(handle: (command: Command) => Promise<Answer>): void {
  process.on('message', ({ number, command }: Request<Command>) => {
    const reply = (content: Omit<Reply<Answer>, 'number'>): void =>
      void process.send?.({ number, ...content } satisfies Reply<Answer>);
    handle(command).then(
      (answer) => reply({ answer }),
      (error: unknown) => reply({ failure: String(error) }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
