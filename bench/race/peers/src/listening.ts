/** Reports to the race on which URL a peer listens. */
import type { Server } from 'node:http';

export const port = Number(process.env['PORT']);

export function reportUrl(url: string): void {
  process.stdout.write(`listening on ${url}\n`);
}

export function listen(server: Server): void {
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port, received none');
    reportUrl(`http://127.0.0.1:${address.port}/graphql`);
  });
}
