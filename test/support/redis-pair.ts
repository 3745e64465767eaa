/** A Redis with a replica behind one address, which a failover moves from the one to the other. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { startRedis, type TestRedis } from './redis.ts';
import { startSeverableProxy } from './severable-proxy.ts';

export interface RedisPair {
  /** The address that gateways know: of the primary, after a failover of the former replica. */
  readonly url: string;
  readonly primary: TestRedis;
  readonly replica: TestRedis;
  /** Makes the replica one, unless it is from the start. */
  readonly link: () => Promise<void>;
  /** Cuts the replica off without closing its connection, so that it lacks what the primary is written from now on. */
  readonly cutReplicaOff: () => void;
  readonly reconnectReplica: () => void;
  /** Kills the primary, promotes the replica and moves the address to it. */
  readonly failOver: () => Promise<void>;
  /** Promotes the replica and moves the address, while the primary runs on with the connections that it has. */
  readonly splitBrain: () => Promise<void>;
  /** Closes the connections to the primary that are left. */
  readonly endSplitBrain: () => void;
}

/** Without it a primary waits five seconds for further replicas before it begins to copy. */
const atOnce = ['--repl-diskless-sync-delay', '0'];

/** Both end with the test. */
export async function startRedisPair({ isLinked = true } = {}): Promise<RedisPair> {
  const [primary, replica] = await Promise.all([startRedis(atOnce), startRedis(atOnce)]);
  const link = await startSeverableProxy(portOf(primary));
  const admin = replica.client();
  admin.on('error', () => {});
  const follow = async (): Promise<void> => {
    await admin.replicaof('127.0.0.1', link.port);
    await linked(primary);
  };
  if (isLinked) await follow();
  const address = await startAddress(portOf(primary));
  const promote = async (): Promise<void> => void (await admin.replicaof('NO', 'ONE'));
  return {
    url: `redis://127.0.0.1:${address.port}`,
    primary,
    replica,
    link: follow,
    cutReplicaOff: link.sever,
    reconnectReplica: link.heal,
    failOver: async () => {
      await primary.kill();
      await promote();
      address.moveTo(portOf(replica));
      address.endConnections();
    },
    splitBrain: async () => {
      await promote();
      address.moveTo(portOf(replica));
    },
    endSplitBrain: address.endConnections,
  };
}

const portOf = ({ url }: TestRedis): number => Number(new URL(url).port);

/** Waits until the replica has everything and confirms it. */
async function linked(primary: TestRedis): Promise<void> {
  const client = primary.client();
  client.on('error', () => {});
  for (;;) {
    await client.set('linked', '1');
    if ((await client.wait(1, 200)) === 1) break;
  }
  await client.del('linked');
  await client.wait(1, 1_000);
}

interface Address {
  readonly port: number;
  /** Leads new connections to another port. */
  readonly moveTo: (port: number) => void;
  readonly endConnections: () => void;
}

async function startAddress(first: number): Promise<Address> {
  const sockets = new Set<Socket>();
  let target = first;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    const upstream = keep(connect(target, '127.0.0.1'));
    keep(client).pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    endConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    moveTo: (other) => {
      target = other;
    },
    endConnections,
  };
}
