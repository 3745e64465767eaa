/**
 * The program of callers who read jobs at a steady rate: a separate process, so that other callers' responses do not
 * delay them.
 */

import { type Answered, readFor } from './operations.ts';
import { serveCommands } from './worker-process.ts';

export interface ReadCommand {
  readonly url: string;
  readonly ids: readonly string[];
  readonly perSecond: number;
  readonly ms: number;
}

serveCommands<ReadCommand, readonly Answered[]>(({ url, ids, perSecond, ms }) => readFor(url, ids, perSecond, ms));
