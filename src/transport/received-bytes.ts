/** Bounds the memory that incomplete messages of all WebSockets take together. */

/** A socket's share below this does not count: it is one chunk of a connection, which every socket may hold. */
const freeBytes = 65_536;

/** 64 messages of the full default size at once. */
const maxBytes = 67_108_864;

export interface Share {
  /** False if all shares together are now too large. */
  add(bytes: number): boolean;
  /** Call when the message is complete, or never will be. */
  clear(): void;
}

export class ReceivedBytes {
  #total = 0;

  share(): Share {
    let bytes = 0;
    const counted = (): number => Math.max(0, bytes - freeBytes);
    const change = (to: number): void => {
      this.#total -= counted();
      bytes = to;
      this.#total += counted();
    };
    return {
      add: (more) => {
        change(bytes + more);
        return counted() === 0 || this.#total <= maxBytes;
      },
      clear: () => change(0),
    };
  }
}
