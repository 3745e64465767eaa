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
  // Gateways that shared the jobs out among them called what follows `tokens`, `lease:`, `members`, `versions` and `wishes:`.
  /** A hash: by service, the highest fencing token that was given out. */
  tokens: `${prefix}service-tokens`,
  /** Followed by the name of a service: the gateway that has its lease. */
  leasePrefix: `${prefix}service-lease:`,
  /** A sorted set: the gateways by when they are taken for dead. */
  members: `${prefix}gateways`,
  /** A hash: by gateway, which version of its interest is there. */
  versions: `${prefix}interest-versions`,
  /** Followed by a gateway's name: a set of the jobs and the services that it has watchers for. */
  interestPrefix: `${prefix}interest:`,
  /** A channel: what cannot wait until somebody looks. What is lost there is found later. */
  channel: `${prefix}news`,
} as const;
