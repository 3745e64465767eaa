/** The program of a client process: does what the run commands, and answers how things stand. */
import type { ClientAnswer, ClientCommand, Reply, Request } from './client-protocol.ts';
import { ClientSockets } from './client-sockets.ts';

const sockets = new ClientSockets();

async function obey(command: ClientCommand): Promise<ClientAnswer> {
  switch (command.do) {
    case 'connect':
      await sockets.connect(command.url, command.count);
      break;
    case 'know':
      sockets.know(command.jobs);
      break;
    case 'subscribe':
      await sockets.subscribe(command.document, command.subscriptions);
      break;
    case 'unsubscribe':
      sockets.unsubscribe(command.subscriptions);
      break;
    case 'pause':
      sockets.pause(command.from, command.to);
      break;
    case 'disconnect':
      await sockets.disconnect();
      break;
    case 'take':
      return { ...sockets.status(), taken: sockets.recording.take() };
    case 'status':
      break;
  }
  return sockets.status();
}

process.on('message', ({ number, command }: Request) => {
  const reply = (content: Omit<Reply, 'number'>): void => void process.send?.({ number, ...content } satisfies Reply);
  obey(command).then(
    (answer) => reply({ answer }),
    (error: unknown) => reply({ failure: String(error) }),
  );
});

// The run has gone: nobody is left to measure for.
process.on('disconnect', () => process.exit(0));
