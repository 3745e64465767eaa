/** The files that this tab sends. They are sent whichever page of the board is shown. */
import { createShared } from '../parts/shared.ts';

export interface Upload {
  readonly fileName: string;
  readonly state: 'sending' | 'done' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  /** What happens, or what has gone wrong: for a person. */
  readonly message: string;
}

type Uploads = ReadonlyMap<string, Upload>;

/** By the id of the job that waits for the file. */
const uploads = createShared<Uploads>(new Map());
const senders = new Map<string, AbortController>();

/** Jobs whose page shows its upload itself. */
let shown: ReadonlySet<string> = new Set();

/** The browser then asks whether to leave. */
const askBeforeLeaving = (event: BeforeUnloadEvent): void => event.preventDefault();

function change(next: Uploads): void {
  const isSending = [...next.values()].some(({ state }) => state === 'sending');
  if (isSending) addEventListener('beforeunload', askBeforeLeaving);
  else removeEventListener('beforeunload', askBeforeLeaving);
  uploads.set(next);
}

/** The signal fires when the person stops the upload. */
export function beginUpload(jobId: string, fileName: string): AbortSignal {
  const sender = new AbortController();
  senders.set(jobId, sender);
  change(new Map(uploads.get()).set(jobId, { fileName, state: 'sending', progress: 0, message: '' }));
  return sender.signal;
}

export function changeUpload(jobId: string, changes: Partial<Omit<Upload, 'fileName'>>): void {
  const upload = uploads.get().get(jobId);
  if (upload !== undefined) change(new Map(uploads.get()).set(jobId, { ...upload, ...changes }));
}

export function stopUpload(jobId: string): void {
  senders.get(jobId)?.abort();
}

export function forgetUpload(jobId: string): void {
  senders.delete(jobId);
  change(new Map([...uploads.get()].filter(([id]) => id !== jobId)));
}

/** Call this while the page of the job is shown; the returned function ends it. */
export function showUpload(jobId: string): () => void {
  const setShown = (isShown: boolean): void => {
    const others = [...shown].filter((id) => id !== jobId);
    shown = new Set(isShown ? [...others, jobId] : others);
    uploads.set(uploads.get());
  };
  setShown(true);
  return () => setShown(false);
}

export function useUpload(jobId: string): Upload | undefined {
  return uploads.use().get(jobId);
}

/** Those that no page shows and that are not done. */
export function useHiddenUploads(): Uploads {
  return new Map([...uploads.use()].filter(([id, { state }]) => state !== 'done' && !shown.has(id)));
}
