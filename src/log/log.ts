/** Writes the log: one line of JSON a record, on stderr, without secrets. */
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
  /** Writes one line with its line end. Every line is urgent except those of level info. */
  readonly write: (line: string, isUrgent: boolean) => void;
}

export interface Log {
  /** Logs an unexpected error, or something that an operator should mend. */
  error(line: string): void;
  operation(record: OperationRecord): void;
  /** The logger for everything else. Do not use `child`: pino (10.4.0) applies no formatter to its bindings. */
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export function createLog({ level, clock, write }: LogOptions): Log {
  const logger = pino(
    {
      level,
      // Leaves out the process id and the host name.
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
    error: (line) => logger.error(line),
    operation: (record) => (isFailure(record) ? logger.warn(record, 'operation') : logger.info(record, 'operation')),
  };
}

function isFailure({ codes }: OperationRecord): boolean {
  return codes.includes('INTERNAL_SERVER_ERROR');
}

const maxLineLength = 4_096;

/** A longer record is cut before it is scrubbed. The line after that is cut much shorter, so that no half of a secret remains. */
const maxScrubbedLength = 32_768;

/**
 * The bytes per second of info lines, and as many of all other lines. With both exhausted, a second that overlaps two
 * of their seconds has 1 MB.
 */
const bytesPerSecond = 250_000;

/** Shortens and scrubs records, one line each, within the budgets. */
function boundedLines(write: LogOptions['write'], { now }: Pick<Clock, 'now'>): DestinationStream {
  const budgets = { info: new LineBudget(now), other: new LineBudget(now) };
  return {
    write(raw) {
      const line = formattedLine(raw);
      const isUrgent = !raw.startsWith('{"level":"info"');
      const budget = isUrgent ? budgets.other : budgets.info;
      const verdict = budget.take(Buffer.byteLength(line));
      if (verdict.dropped > 0) write(`{"level":"warn","msg":"log","linesLeftOut":${verdict.dropped}}\n`, isUrgent);
      if (verdict.isAllowed) write(line, isUrgent);
    },
  };
}

/** Exported for tests with records that no logger would produce. */
export function formattedLine(raw: string): string {
  const line = oneLine(scrubbedJson(raw.trimEnd().slice(0, maxScrubbedLength)));
  if (line.length <= maxLineLength && raw.length <= maxScrubbedLength) return `${line}\n`;
  const level = /^\{"level":"(\w{1,10})"/.exec(line)?.[1] ?? 'error';
  // JSON within JSON grows by its escapes.
  return `${oneLine(JSON.stringify({ level, msg: 'the record was too long', length: raw.length, start: line.slice(0, maxLineLength / 4) }))}\n`;
}

/** Characters that some reader takes for a line end, a change of direction or nothing; written as JSON escapes. */
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
  #dropped = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a line of `bytes` may be written, and the number of lines dropped in earlier seconds, which is returned once. */
  take(bytes: number): { readonly isAllowed: boolean; readonly dropped: number } {
    const second = Math.floor(this.#now() / 1_000);
    const dropped = second === this.#second ? 0 : this.#dropped;
    if (second !== this.#second) this.#begin(second);
    const isAllowed = this.#bytes + bytes <= bytesPerSecond;
    if (isAllowed) this.#bytes += bytes;
    else this.#dropped += 1;
    return { isAllowed, dropped };
  }

  #begin(second: number): void {
    this.#second = second;
    this.#bytes = 0;
    this.#dropped = 0;
  }
}

const maxDepth = 6;
const maxMembers = 50;

/** A copy of `value` without bytes, error messages, and members with secret names. */
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
