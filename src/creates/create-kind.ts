/** Which creates make jobs that may not be told from one another while their ids are not known. */
import type { Trace } from './create-record.ts';

/** Marked manifests are all different. Of Data Exchange's jobs a reply may show no more than `work` stands for. */
export function kindOf(trace: Trace | null): string {
  if (trace === null) return 'none';
  return trace.service === 'DATA_EXCHANGE' ? trace.work : trace.generator;
}
