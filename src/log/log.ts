/** Writes the log: one line of JSON a record, on stderr, without secrets. */
import { types } from 'node:util';
import { type Logger, pino } from 'pino';
import type { Clock } from '../base/clock.ts';
import { isSecretName } from '../base/scrub.ts';
import { Secret } from '../base/secret.ts';
import { oneLine } from './one-line.ts';
import { operationLine } from './operation-line.ts';
import type { OperationRecord } from './operation-record.ts';
import { scrubbedJson } from './scrubbed-json.ts';
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
  const lines = new BoundedLines(write, clock);
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
    { write: (raw: string) => lines.write(!raw.startsWith('{"level":"info"'), () => formattedLine(raw)) },
  );
  return {
    logger,
    error: (line) => logger.error(line),
    operation: (record) => {
      const operationLevel = isFailure(record) ? 'warn' : 'info';
      if (!logger.isLevelEnabled(operationLevel)) return;
      lines.write(operationLevel !== 'info', () => `${operationLine(record, operationLevel, clock.now())}\n`);
    },
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

/** Where fewer bytes are left, a line is dropped before it is formatted. */
const shortestLine = 50;

/** Writes lines within the budgets, and reports how many it dropped. */
class BoundedLines {
  readonly #write: LogOptions['write'];
  readonly #budgets: { readonly info: LineBudget; readonly other: LineBudget };

  constructor(write: LogOptions['write'], { now }: Pick<Clock, 'now'>) {
    this.#write = write;
    this.#budgets = { info: new LineBudget(now), other: new LineBudget(now) };
  }

  /** Calls `format` only while the budget lasts. */
  write(isUrgent: boolean, format: () => string): void {
    const budget = isUrgent ? this.#budgets.other : this.#budgets.info;
    const { line, dropped } = budget.take(format);
    if (dropped > 0) this.#write(`{"level":"warn","msg":"log","linesLeftOut":${dropped}}\n`, isUrgent);
    if (line !== undefined) this.#write(line, isUrgent);
  }
}

/** Exported for tests with records that no logger would produce. */
export function formattedLine(raw: string): string {
  const line = oneLine(scrubbedJson(raw.trimEnd().slice(0, maxScrubbedLength)));
  if (line.length <= maxLineLength && raw.length <= maxScrubbedLength) return `${line}\n`;
  const level = /^\{"level":"(\w{1,10})"/.exec(line)?.[1] ?? 'error';
  // JSON within JSON grows by its escapes.
  return `${oneLine(JSON.stringify({ level, msg: 'the record was too long', length: raw.length, start: line.slice(0, maxLineLength / 4) }))}\n`;
}

class LineBudget {
  readonly #now: () => number;
  #second = 0;
  #bytes = 0;
  #dropped = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The line if it may be written, and the number of lines dropped in earlier seconds, which is returned once. */
  take(format: () => string): { readonly line: string | undefined; readonly dropped: number } {
    const second = Math.floor(this.#now() / 1_000);
    const dropped = second === this.#second ? 0 : this.#dropped;
    if (second !== this.#second) this.#begin(second);
    const line = this.#bytes + shortestLine > bytesPerSecond ? undefined : format();
    const bytes = line === undefined ? 0 : Buffer.byteLength(line);
    const isAllowed = line !== undefined && this.#bytes + bytes <= bytesPerSecond;
    if (isAllowed) this.#bytes += bytes;
    else this.#dropped += 1;
    return { line: isAllowed ? line : undefined, dropped };
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
