/** Groups creates whose results cannot be distinguished while their ids are not known. */
import type { Trace } from './create-record.ts';

/** Marked manifests and tags are all different. A reply of Data Exchange may show no more of a job than `work`. */
export function kindOf(trace: Trace | null): string {
  if (trace === null) return 'none';
  switch (trace.service) {
    case 'DATA_EXCHANGE':
      return trace.work;
    case 'IMPORT_EXPORT':
      return trace.generator;
    case 'DATA_SET':
    case 'REVISION':
      return `tag/${trace.tag}`;
  }
}
