/** The program of a client process: does what the run commands, and answers how things stand. */
import { answerTheRun } from './asked-process.ts';
import type { ClientAnswer, ClientCommand } from './client-protocol.ts';
import { ClientSockets } from './client-sockets.ts';

const sockets = new ClientSockets();

async function obey(command: ClientCommand): Promise<ClientAnswer> {
  switch (command.do) {
    case 'connect':
      await sockets.connect(command.url, command.count, command.tokens);
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

answerTheRun(obey);
