/** Starts and stops the gateway. */

import type { Clock } from '../base/clock.ts';
import { Board, type BoardFiles, readBoardFiles } from '../transport/board.ts';
import { type Cut, createListener, type Listener } from '../transport/listener.ts';
import type { Watcher } from '../watch/watcher.ts';
import { type Assembly, type AssemblyOptions, assemble } from './assembly.ts';
import { systemClock } from './system-clock.ts';

export interface ServerOptions extends Omit<AssemblyOptions, 'clock'> {
  readonly clock?: Clock;
  /** The folder of the built board; absent where nobody opens it. */
  readonly boardFolder?: string;
}

export interface RunningServer {
  /** The URL of the GraphQL endpoint, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** The URL of the board; undefined if it is off or not built. */
  readonly boardUrl: string | undefined;
  /** The URL of the embedded emulator; undefined with other backends. */
  readonly emulatorUrl: string | undefined;
  readonly watcher: Watcher;
  /** The URL of the metrics; undefined without. */
  readonly metricsUrl: string | undefined;
  /** Refuses new operations; those under way continue. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
  /** What the shutdown did not wait for, or still waits for. */
  readonly abandoned: () => Abandoned;
}

/** The numbers of what was not finished. */
export interface Abandoned extends Cut {
  /** Creates whose outcome is not recorded yet. */
  readonly creates: number;
}

/** Rejects if a port or the store cannot be opened, or a file of the settings is invalid. */
export async function startServer({
  clock = systemClock,
  boardFolder,
  ...options
}: ServerOptions): Promise<RunningServer> {
  const readsBoard = boardFolder !== undefined && options.config.board;
  // Beside the rest of the start, which takes ten times as long.
  const [assembly, boardFiles] = await Promise.all([
    assemble({ ...options, clock }),
    readsBoard ? readBoardFiles(boardFolder) : undefined,
  ]);
  const { gate, creates, services, storage, telemetry, watching } = assembly;
  const readiness = {
    load: () => gate.refusal() === undefined,
    credentials: () => services.hasKey(),
    store: () => storage.store.isReachable(),
  };
  telemetry.addReadiness(readiness);
  const isReady = async (): Promise<boolean> =>
    readiness.load() && (await readiness.credentials()) && readiness.store();
  const board = boardFiles && boardOf(boardFiles, assembly);
  const listener = createListener({ ...assembly, onRefusal: telemetry.onRefusal, isReady, board });
  const close = (): Promise<void> => shutDown(assembly, listener);
  const url = await listener.listen().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  creates.reconciliation.start();
  return {
    url,
    boardUrl: board && new URL('/', url).href,
    emulatorUrl: services.emulatorUrl,
    watcher: watching.watcher,
    metricsUrl: telemetry.metricsUrl,
    drain: () => gate.close(),
    close,
    abandoned: () => ({ ...listener.cut, creates: creates.createOnce.underWay }),
  };
}

function boardOf(files: BoardFiles, { config, services }: Assembly): Board {
  const { dataExchange } = config.endpoints;
  const others = [services.emulatorUrl, dataExchange && new URL(dataExchange).origin];
  return new Board(
    files,
    others.filter((origin) => origin !== undefined),
  );
}

/** First the transports, then the operations, last the store. */
async function shutDown({ gate, watching, close }: Assembly, listener: Listener): Promise<void> {
  gate.close();
  watching.watcher.stop();
  await Promise.all([watching.leave(), listener.close()]);
  await close();
}
