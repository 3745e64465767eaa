/** Readers of the same jobs, each by its own library and over its own rough network. */
import { type Event, type Field, subscriptions } from './events.ts';
import type { Library } from './libraries.ts';
import { RoughProxy } from './rough-proxy.ts';

export class Reader {
  readonly name: string;
  readonly field: Field;
  readonly proxy: RoughProxy;
  readonly events: Event[] = [];
  readonly errors: unknown[] = [];
  isComplete = false;
  readonly #isPatient: boolean;
  #end: () => Promise<void> = async () => {};

  private constructor({ name, isPatient = false }: Library, field: Field, proxy: RoughProxy) {
    this.name = `${name}, ${field}`;
    this.#isPatient = isPatient;
    this.field = field;
    this.proxy = proxy;
  }

  /** Reads until `close`, without waiting for the connection. */
  static async open(library: Library, field: Field, target: () => number, variables: object): Promise<Reader> {
    const reader = new Reader(library, field, await RoughProxy.start(target));
    const client = library.connect(reader.proxy.url);
    const stop = library.read(client, {
      query: subscriptions[field],
      variables: { ...variables },
      onEvent: (event) => reader.events.push(event),
      onError: (error) => reader.errors.push(error),
      onComplete: () => {
        reader.isComplete = true;
      },
    });
    reader.#end = async () => {
      stop();
      await client.dispose();
      reader.proxy.close();
    };
    return reader;
  }

  /** Ends the misfortunes of its network. What is stalled stays so, if the client can find out. */
  heal(): void {
    this.proxy.mode = 'pass';
    this.proxy.delayMs = 0;
    if (this.#isPatient) this.proxy.cut('rst');
  }

  close(): Promise<void> {
    return this.#end();
  }

  /** Whether the gateway told this reader that events are missing. */
  get hasMissed(): boolean {
    return this.events.some(({ __typename: type }) => type === 'JobEventsMissed');
  }
}
