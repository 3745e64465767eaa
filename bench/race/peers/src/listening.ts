/** How a peer tells the race where it listens. */
import type { Server } from 'node:http';

export const port = Number(process.env['PORT']);

export function tellUrl(url: string): void {
  process.stdout.write(`listening on ${url}\n`);
}

export function listen(server: Server): void {
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port, received none');
    tellUrl(`http://127.0.0.1:${address.port}/graphql`);
  });
}
