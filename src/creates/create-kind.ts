/** Groups creates whose jobs cannot be distinguished while their ids are not known. */
import type { Trace } from './create-record.ts';

/** Marked manifests are all different. A reply of Data Exchange may show no more of a job than `work`. */
export function kindOf(trace: Trace | null): string {
  if (trace === null) return 'none';
  return trace.service === 'DATA_EXCHANGE' ? trace.work : trace.generator;
}
