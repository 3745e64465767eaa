/** Reads a body of `text/event-stream`, by the HTML Standard, "Interpreting an event stream". */
import { Timer } from './timing.ts';

export interface SentEvent {
  readonly event: string;
  readonly data: string;
}

/** Its iteration ends with the body, and throws if nothing, not even a comment, arrives for `silenceMs`. */
export class SentEvents implements AsyncIterable<SentEvent> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #silenceMs: number;
  readonly #onBytes: () => void;
  readonly #silence = new Timer();

  constructor(body: ReadableStream<Uint8Array>, silenceMs: number, onBytes: () => void) {
    this.#reader = body.getReader();
    this.#silenceMs = silenceMs;
    this.#onBytes = onBytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SentEvent> {
    const decoder = new TextDecoder();
    let text = '';
    try {
      for (;;) {
        const { done, value } = await this.#read();
        if (done) return;
        this.#onBytes();
        const blocks = (text + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        text = blocks.pop() ?? '';
        for (const block of blocks) yield eventFrom(block);
      }
    } finally {
      this.#silence.clear();
      await this.#reader.cancel().catch(() => {});
    }
  }

  #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    return new Promise((resolve, reject) => {
      const tooLong = `nothing has arrived for ${this.#silenceMs} ms`;
      this.#silence.set(() => reject(new Error(tooLong)), this.#silenceMs);
      this.#reader.read().then(resolve, reject);
    });
  }
}

function eventFrom(block: string): SentEvent {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  }
  return { event, data: data.join('\n') };
}
