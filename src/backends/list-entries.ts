/** Reads the entries of a list one by one. An unreadable entry does not affect the others. */
import { BackendError } from '../model/errors.ts';

/** An entry of a list that does not fit the API's description. */
export interface UnreadableEntry {
  /** The index, among the page's readable entries, of the one that follows this entry. */
  readonly before: number;
  readonly error: BackendError;
  /** Absent where the entry's id cannot be read either. */
  readonly awsJobId?: string;
}

export interface ReadEntries<Entry> {
  readonly entries: readonly Entry[];
  /** In the order of the list; absent where there are none. */
  readonly unreadable?: readonly UnreadableEntry[];
}

export interface EntryReader<Entry> {
  /** Throws `BackendError` for what is no such entry. */
  readonly entry: (received: unknown) => Entry;
  /** The id in an entry whose other members may be unreadable. */
  readonly id?: (received: unknown) => string | undefined;
}

/** Reads each of `received`. `rest` is the error of the entries behind them, where those cannot be read. */
export function readEntries<Entry>(
  received: readonly unknown[],
  { entry, id = () => undefined }: EntryReader<Entry>,
  rest?: BackendError,
): ReadEntries<Entry> {
  const entries: Entry[] = [];
  const unreadable: UnreadableEntry[] = [];
  for (const each of received) {
    try {
      entries.push(entry(each));
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      const awsJobId = id(each);
      unreadable.push({ before: entries.length, error, ...(awsJobId !== undefined && { awsJobId }) });
    }
  }
  if (rest !== undefined) unreadable.push({ before: entries.length, error: rest });
  return { entries, ...(unreadable.length > 0 && { unreadable }) };
}
