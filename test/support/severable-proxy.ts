/** A TCP proxy on loopback that can become a black hole: it stops forwarding without closing connections. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SeverableProxy {
  readonly port: number;
  readonly sever: () => void;
  /** Forwards new connections again, and closes the severed ones. */
  readonly heal: () => void;
}

/** Forwards to `port` until the test ends. */
export async function startSeverableProxy(port: number): Promise<SeverableProxy> {
  const sockets = new Set<Socket>();
  let isSevered = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (isSevered) return;
    const upstream = keep(connect(port, '127.0.0.1'));
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    end();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    sever: () => {
      isSevered = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    heal: () => {
      isSevered = false;
      end();
    },
  };
}
