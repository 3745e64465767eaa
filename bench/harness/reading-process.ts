/** The program of callers who read jobs at a steady rate: a process of their own, so that nobody else's answers keep theirs waiting. */
import { answerTheRun } from './asked-process.ts';
import { type Answered, readFor } from './operations.ts';

export interface ReadCommand {
  readonly url: string;
  readonly ids: readonly string[];
  readonly perSecond: number;
  readonly ms: number;
}

answerTheRun<ReadCommand, readonly Answered[]>(({ url, ids, perSecond, ms }) => readFor(url, ids, perSecond, ms));
