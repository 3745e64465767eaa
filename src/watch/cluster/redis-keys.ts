/** The Redis keys of watching. The braces keep all of them in one slot of a Redis Cluster. */

const prefix = '{waybill:watch}:';

export const redisKeys = {
  /** A hash: the log's id, its head, and the Redis run id that it was opened in. */
  log: `${prefix}log`,
  /** A stream: an entry's id is its offset. */
  entries: `${prefix}entries`,
  /** A hash: by job, its last transition. */
  heads: `${prefix}heads`,
  /** Prefix, followed by a job's key: a sorted set of its history by offset. */
  historyPrefix: `${prefix}history:`,
  // Earlier versions, which assigned jobs one by one, used the names `tokens`, `lease:`, `members`, `versions` and
  // `wishes:`.
  /** A hash: by service, the highest fencing token issued. */
  tokens: `${prefix}service-tokens`,
  /** Prefix, followed by a service: the name of the gateway that holds its lease. */
  leasePrefix: `${prefix}service-lease:`,
  /** A sorted set: the gateways by when they expire. */
  members: `${prefix}gateways`,
  /** A hash: by gateway, the version of its interest. */
  versions: `${prefix}interest-versions`,
  /** Prefix, followed by a gateway's name: a set of the jobs and services that it watches. */
  interestPrefix: `${prefix}interest:`,
  /** A channel for notices that are urgent. The periodic renewal finds what was lost there. */
  channel: `${prefix}news`,
} as const;
