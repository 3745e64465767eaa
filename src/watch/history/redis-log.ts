/** The transition log in Redis, shared by several gateways: a stream, the head of each job, and its history. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { JobRef } from '../../model/job-state.ts';
import { redisKeys } from '../cluster/redis-keys.ts';
import { appendScript, openScript } from './redis-log-scripts.ts';
import { type OnUnreadable, storable, storedHistoryEntry, storedTransition } from './stored-transition.ts';
import {
  type Head,
  type HistoryEntry,
  type HistoryPage,
  jobKey,
  type NewTransition,
  type Transition,
} from './transition-log.ts';

/** More offsets than are ever issued between two writes to the disk; there is room for two million epochs. */
const epochGap = 2 ** 32;

/**
 * A new log begins at a random offset below this, so that followers of a deleted log do not take its entries for the
 * next ones of theirs.
 */
const maxFirstOffset = 2 ** 40;

/** Max duration of a blocking read: a follower notices a dead connection by then. */
const blockMs = 2_000;

/** Number of entries in one read. */
const pageSize = 500;

/** One entry; without a transition at an epoch's begin, or if this version cannot read it. */
export interface LogEntry {
  readonly offset: number;
  /** The head before it: a mirror with any other head has missed entries, or holds lost ones. */
  readonly previous: number;
  readonly transition: Transition | undefined;
}

export type HeadInRedis = Head & { readonly offset: number };

/** The result of an append. */
export type Appended =
  | { readonly outcome: 'appended'; readonly offset: number }
  /** The job's head is not the expected one. */
  | { readonly outcome: 'refused'; readonly head: HeadInRedis }
  /** Another gateway holds the service's lease, with this token. */
  | { readonly outcome: 'fenced'; readonly token: number }
  /** Redis was emptied: the log is gone or another. */
  | { readonly outcome: 'lost' };

export interface AppendRequest {
  /** The log that `expected` belongs to. */
  readonly id: string;
  readonly expected: number;
  readonly transition: NewTransition;
  readonly token: number;
  readonly retention: { readonly transitions: number; readonly ageMs: number };
}

const opened = z.tuple([z.string(), z.coerce.number()]);
const appendReply = z.tuple([z.enum(['appended', 'fenced', 'lost', 'refused']), z.string()]);
const streamEntries = z.array(z.tuple([z.string(), z.array(z.string())]));
const streams = z.array(z.tuple([z.string(), streamEntries])).nullable();

export class RedisLog {
  readonly #redis: Redis;
  readonly #blocking: Redis;
  readonly #onUnreadable: OnUnreadable;

  /** `blocking` is for blocking reads only. */
  constructor(redis: Redis, blocking: Redis, onUnreadable: OnUnreadable) {
    this.#redis = redis;
    this.#blocking = blocking;
    this.#onUnreadable = onUnreadable;
  }

  /**
   * Call this on each connection before the first append. `knownHead` is the caller's head. The id is a new one if
   * Redis has been emptied.
   */
  async open(knownHead: number): Promise<{ readonly id: string; readonly head: number }> {
    const { log, entries, heads } = redisKeys;
    const args = [randomUUID(), randomInt(1, maxFirstOffset), knownHead, epochGap];
    const [id, head] = opened.parse(await this.#redis.eval(openScript, 3, log, entries, heads, ...args));
    return { id, head };
  }

  async append({ id, expected, transition, token, retention }: AppendRequest): Promise<Appended> {
    const { log, entries, heads, tokens, historyPrefix } = redisKeys;
    const { job, ...rest } = storable({ ...transition, sequence: expected + 1, offset: 0 });
    const { kind, to } = transition;
    const texts = [JSON.stringify({ ...rest, job }), JSON.stringify(rest)];
    const limits = [retention.transitions, retention.ageMs];
    const args = [jobKey(job), expected, job.service, token, kind, to, ...texts, ...limits, historyPrefix, id];
    const reply = await this.#redis.eval(appendScript, 4, log, entries, heads, tokens, ...args);
    const [outcome, detail] = appendReply.parse(reply);
    if (outcome === 'lost') return { outcome };
    if (outcome === 'appended') return { outcome, offset: Number(detail) };
    return outcome === 'fenced' ? { outcome, token: Number(detail) } : { outcome, head: headFrom(detail) };
  }

  /** Returns at most `limit` of the newest entries, oldest first. */
  async newest(limit: number): Promise<readonly LogEntry[]> {
    const read = await this.#redis.xrevrange(redisKeys.entries, '+', '-', 'COUNT', limit);
    return read.map((entry) => this.#entryFrom(entry)).reverse();
  }

  /** Returns all entries after `offset`. */
  async after(offset: number): Promise<readonly LogEntry[]> {
    return (await this.#redis.xrange(redisKeys.entries, `(${offset}-0`, '+')).map((entry) => this.#entryFrom(entry));
  }

  /** Waits for entries after `offset`; returns none if there are none within `blockMs`. */
  async following(offset: number): Promise<readonly LogEntry[]> {
    const options = ['COUNT', pageSize, 'BLOCK', blockMs, 'STREAMS'] as const;
    const reply = await this.#blocking.xread(...options, redisKeys.entries, `${offset}-0`);
    return (streams.parse(reply)?.[0]?.[1] ?? []).map((entry) => this.#entryFrom(entry));
  }

  /** Returns the heads by job key. */
  async heads(): Promise<readonly (readonly [string, Head])[]> {
    const heads = await this.#redis.hgetall(redisKeys.heads);
    return Object.entries(heads).map(([key, text]) => {
      const { offset: _, ...head } = headFrom(text);
      return [key, head] as const;
    });
  }

  async history(ref: JobRef, { limit, before }: HistoryPage): Promise<readonly HistoryEntry[]> {
    const key = redisKeys.historyPrefix + jobKey(ref);
    const from = before === undefined ? '+inf' : `(${before}`;
    const read = await this.#redis.zrevrangebyscore(key, from, '-inf', 'WITHSCORES', 'LIMIT', 0, limit);
    const offsets = read.filter((_, index) => index % 2 === 1);
    return offsets.flatMap((offset, index) => {
      const entry = storedHistoryEntry.safeParse({ ...objectFrom(read[2 * index]), offset: Number(offset) }).data;
      if (entry === undefined) this.#onUnreadable('history');
      return entry ?? [];
    });
  }

  /** An unreadable entry is skipped like the begin of an epoch, so that followers go on. */
  #entryFrom([id, fields]: readonly [string, readonly string[]]): LogEntry {
    const offset = Number.parseInt(id, 10);
    const previous = Number(fieldOf(fields, 'previous'));
    const text = fieldOf(fields, 'transition');
    if (text === '') return { offset, previous, transition: undefined };
    const transition = storedTransition.safeParse({ ...objectFrom(text), offset }).data;
    if (transition === undefined) this.#onUnreadable('transitions');
    return { offset, previous, transition };
  }
}

/** Parses a head as the scripts write it: offset, sequence, kind, state. */
function headFrom(text: string): HeadInRedis {
  const [offset, sequence, kind, to] = text.split(' ');
  return { offset: Number(offset), sequence: Number(sequence), kind: kind as Head['kind'], to: to as Head['to'] };
}

/** Names and values alternate, and newer versions may write more of them. */
function fieldOf(fields: readonly string[], name: string): string {
  const index = fields.findIndex((each, index) => index % 2 === 0 && each === name);
  return index === -1 ? '' : (fields[index + 1] ?? '');
}

/** Returns an empty object for text that is not a JSON object. */
function objectFrom(text: string | undefined): object {
  try {
    return z.looseObject({}).safeParse(JSON.parse(text ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}
