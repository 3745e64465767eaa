/** Bounds what all WebSockets together hold of messages that have not come to their end. */

/** A share that stays below is not counted: every socket may hold as much, which is one chunk of a connection. */
const freeBytes = 65_536;

/** Of messages of the full default size, 64 at once. */
const maxBytes = 67_108_864;

export interface Share {
  /** False where all of them would hold too much. */
  add(bytes: number): boolean;
  /** For when the message has come to its end, or never will. */
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
