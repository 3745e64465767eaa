/** What the program writes about itself: one line of JSON a record, on stderr, with nothing in it that is anybody's secret. */
import { types } from 'node:util';
import { type DestinationStream, type Logger, pino } from 'pino';
import type { Clock } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import type { OperationRecord } from './operation-record.ts';
import { isSecretName, scrubbedJson } from './scrub.ts';
import { unexpected } from './unexpected.ts';

export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  readonly level: LogLevel;
  readonly clock: Pick<Clock, 'now'>;
  /** Takes one line, its end included. What is urgent tells of more than one operation that went as it should. */
  readonly write: (line: string, isUrgent: boolean) => void;
}

export interface Log {
  /** One line about something that nobody expected, or that an operator should mend. */
  complain(line: string): void;
  operation(record: OperationRecord): void;
  /** For what has no method of its own. No `child`: pino (10.4.0) formats none of its bindings. */
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export function createLog({ level, clock, write }: LogOptions): Log {
  const logger = pino(
    {
      level,
      // Neither the process's number nor its host's name.
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (record) => Object.fromEntries(printableMembers(record, 0)),
      },
      serializers: { err: unexpected, error: unexpected },
    },
    boundedLines(write, clock),
  );
  return {
    logger,
    complain: (line) => logger.error(line),
    operation: (record) => (isFailure(record) ? logger.warn(record, 'operation') : logger.info(record, 'operation')),
  };
}

function isFailure({ codes }: OperationRecord): boolean {
  return codes.includes('INTERNAL_SERVER_ERROR');
}

const maxLineLength = 4_096;

/** What is longer is cut before it is scrubbed, and again far before that cut afterwards: no half of a secret is left. */
const maxScrubbedLength = 32_768;

/**
 * Bytes a second for what is told of each operation, and as many for everything else: with both at their end, and a second
 * that lies across two of theirs, this is 1 MB.
 */
const bytesPerSecond = 250_000;

/** Lines that are short, scrubbed, one line each, and not too many. */
function boundedLines(write: LogOptions['write'], { now }: Pick<Clock, 'now'>): DestinationStream {
  const budgets = { info: new LineBudget(now), other: new LineBudget(now) };
  return {
    write(raw) {
      const line = finished(raw);
      const isUrgent = !raw.startsWith('{"level":"info"');
      const budget = isUrgent ? budgets.other : budgets.info;
      const verdict = budget.take(Buffer.byteLength(line));
      if (verdict.missed > 0) write(`{"level":"warn","msg":"log","linesLeftOut":${verdict.missed}}\n`, isUrgent);
      if (verdict.isTaken) write(line, isUrgent);
    },
  };
}

/** Exported for tests of what no logger would let through. */
export function finished(raw: string): string {
  const line = oneLine(scrubbedJson(raw.trimEnd().slice(0, maxScrubbedLength)));
  if (line.length <= maxLineLength && raw.length <= maxScrubbedLength) return `${line}\n`;
  const level = /^\{"level":"(\w{1,10})"/.exec(line)?.[1] ?? 'error';
  // JSON within JSON grows by its quotes.
  return `${oneLine(JSON.stringify({ level, msg: 'a record that was too long', length: raw.length, start: line.slice(0, maxLineLength / 4) }))}\n`;
}

/** Characters that some reader takes for the end of a line, for a direction or for nothing, as JSON's escapes. */
const misleading = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

function oneLine(line: string): string {
  return line
    .replace(/[\r\n]/g, ' ')
    .replace(misleading, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

class LineBudget {
  readonly #now: () => number;
  #second = 0;
  #bytes = 0;
  #missed = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a line of `bytes` may be written, and how many were left out in the seconds before, to be told once. */
  take(bytes: number): { readonly isTaken: boolean; readonly missed: number } {
    const second = Math.floor(this.#now() / 1_000);
    const missed = second === this.#second ? 0 : this.#missed;
    if (second !== this.#second) this.#begin(second);
    const isTaken = this.#bytes + bytes <= bytesPerSecond;
    if (isTaken) this.#bytes += bytes;
    else this.#missed += 1;
    return { isTaken, missed };
  }

  #begin(second: number): void {
    this.#second = second;
    this.#bytes = 0;
    this.#missed = 0;
  }
}

const maxDepth = 6;
const maxMembers = 50;

/** A copy of `value` without what would print as its bytes or as somebody's message, or stands under a secret name. */
function printable(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (value instanceof Secret) return String(value);
  if (value instanceof Error) return unexpected(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return '[bytes]';
  if (value instanceof Map || value instanceof Set) return '[collection]';
  if (depth === maxDepth) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, maxMembers).map((member) => printable(member, depth + 1));
  return Object.fromEntries(printableMembers(value, depth));
}

function printableMembers(record: object, depth: number): [string, unknown][] {
  return Object.entries(record)
    .slice(0, maxMembers)
    .map(([name, member]) => [name, isSecretName(name) ? '[secret]' : printable(member, depth + 1)]);
}
