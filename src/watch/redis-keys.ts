/** What the gateways keep in Redis to watch together. The braces put all of it in one slot of a Redis that is a cluster. */

const prefix = '{waybill:watch}:';

export const redisKeys = {
  /** A hash: the log's id, its head, and the run of Redis that it was opened in. */
  log: `${prefix}log`,
  /** A stream: an entry's id is its offset. */
  entries: `${prefix}entries`,
  /** A hash: by job, what was observed last. */
  heads: `${prefix}heads`,
  /** Followed by a job's key: a sorted set of its history by offset. */
  historyPrefix: `${prefix}history:`,
  /** A hash: by shard, the highest fencing token that was given out. */
  tokens: `${prefix}tokens`,
  /** Followed by the number of a shard: the gateway that has its lease. */
  leasePrefix: `${prefix}lease:`,
  /** A sorted set: the gateways by when they are taken for dead. */
  members: `${prefix}members`,
  /** A hash: by gateway, which version of its wishes is there. */
  versions: `${prefix}versions`,
  /** Followed by a gateway's name: a set of the jobs that it has watchers for. */
  wishesPrefix: `${prefix}wishes:`,
  /** A channel: what cannot wait until somebody looks. What is lost there is found later. */
  channel: `${prefix}news`,
} as const;
