/** The transition log as several gateways share it: a stream in Redis, and beside it what is known of each job. */
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

/** More than is ever given out between two looks at the disk; there is room for two million epochs. */
const epochGap = 2 ** 32;

/** Below this a new log begins, anywhere: so that whoever follows one that is gone does not take its entries for the next of that. */
const beginnings = 2 ** 40;

/** A follower that hears nothing for so long asks again: so a connection that is dead is found out. */
const followMs = 2_000;

/** Number of entries that are read at once. */
const pageSize = 500;

/** One entry; without a transition where the head begun, or where this version cannot read it. */
export interface LogEntry {
  readonly offset: number;
  /** The head before it: whoever stood anywhere else has missed something, or seen what was lost. */
  readonly previous: number;
  readonly transition: Transition | undefined;
}

export type HeadInRedis = Head & { readonly offset: number };

/** What came of an append. */
export type Appended =
  | { readonly outcome: 'appended'; readonly offset: number }
  /** The job's head is another than was expected. */
  | { readonly outcome: 'refused'; readonly head: HeadInRedis }
  /** Another gateway reads the service by now, with this token. */
  | { readonly outcome: 'fenced'; readonly token: number }
  /** Redis was emptied: there is no log, or another. */
  | { readonly outcome: 'lost' };

export interface AppendRequest {
  /** The log that `expected` was seen in. */
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

  /** `blocking` is for reads that wait, and for nothing else. */
  constructor(redis: Redis, blocking: Redis, onUnreadable: OnUnreadable) {
    this.#redis = redis;
    this.#blocking = blocking;
    this.#onUnreadable = onUnreadable;
  }

  /**
   * To be done on each connection before anything is appended on it. `seen` is the head of the one who opens. The id is another
   * than before where Redis has been emptied.
   */
  async open(seen: number): Promise<{ readonly id: string; readonly head: number }> {
    const { log, entries, heads } = redisKeys;
    const args = [randomUUID(), randomInt(1, beginnings), seen, epochGap];
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

  /** At most `limit` of the newest, oldest first. */
  async newest(limit: number): Promise<readonly LogEntry[]> {
    const read = await this.#redis.xrevrange(redisKeys.entries, '+', '-', 'COUNT', limit);
    return read.map((entry) => this.#entryFrom(entry)).reverse();
  }

  /** Everything after `offset`. */
  async after(offset: number): Promise<readonly LogEntry[]> {
    return (await this.#redis.xrange(redisKeys.entries, `(${offset}-0`, '+')).map((entry) => this.#entryFrom(entry));
  }

  /** What comes after `offset`, as soon as there is any; nothing where that takes long. */
  async following(offset: number): Promise<readonly LogEntry[]> {
    const options = ['COUNT', pageSize, 'BLOCK', followMs, 'STREAMS'] as const;
    const reply = await this.#blocking.xread(...options, redisKeys.entries, `${offset}-0`);
    return (streams.parse(reply)?.[0]?.[1] ?? []).map((entry) => this.#entryFrom(entry));
  }

  /** By job. */
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
    const places = read.filter((_, index) => index % 2 === 1);
    return places.flatMap((offset, index) => {
      const entry = storedHistoryEntry.safeParse({ ...objectFrom(read[2 * index]), offset: Number(offset) }).data;
      if (entry === undefined) this.#onUnreadable('history');
      return entry ?? [];
    });
  }

  /** What cannot be read is passed over, as the beginning of an epoch is: whoever waited for it would hear nothing of all that follows. */
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

/** As the scripts write it: offset, sequence, kind, state. */
function headFrom(text: string): HeadInRedis {
  const [offset, sequence, kind, to] = text.split(' ');
  return { offset: Number(offset), sequence: Number(sequence), kind: kind as Head['kind'], to: to as Head['to'] };
}

/** Names and values come in turn, and newer versions may write more of them. */
function fieldOf(fields: readonly string[], name: string): string {
  const place = fields.findIndex((each, index) => index % 2 === 0 && each === name);
  return place === -1 ? '' : (fields[place + 1] ?? '');
}

/** Nothing where it is no object. */
function objectFrom(text: string | undefined): object {
  try {
    return z.looseObject({}).safeParse(JSON.parse(text ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}
