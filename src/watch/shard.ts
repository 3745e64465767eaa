/** Jobs by shards: the smallest part of the polling that one of several gateways can have. */
import type { JobRef, JobService } from '../job.ts';
import { jobKey } from './transition-log.ts';

/** Several for each of as many gateways as may run together. All must count alike, so the number is not to be changed. */
export const jobShards = 32;

/** Where to look for new jobs of a service is a shard of its own. */
export const sweepShards: Readonly<Record<JobService, number>> = {
  DATA_EXCHANGE: jobShards,
  IMPORT_EXPORT: jobShards + 1,
};

export const allShards = jobShards + 2;

/** The same in every gateway, whatever its version: FNV-1a over the job's key. */
export function shardOf(ref: JobRef): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(jobKey(ref))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % jobShards;
}
