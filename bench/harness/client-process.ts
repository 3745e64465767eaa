/** The program of a client process: performs the commands of the run and returns its status. */

import type { ClientAnswer, ClientCommand } from './client-protocol.ts';
import { ClientSockets } from './client-sockets.ts';
import { serveCommands } from './worker-process.ts';

const sockets = new ClientSockets();

async function handle(command: ClientCommand): Promise<ClientAnswer> {
  switch (command.do) {
    case 'connect':
      await sockets.connect(command.url, command.count, command.tokens);
      break;
    case 'setJobs':
      sockets.setJobs(command.jobs);
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

serveCommands(handle);
