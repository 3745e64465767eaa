/** The package's entry. */
export { type CreateOnceOptions, createOnce } from './create-once.ts';
export type { CursorStorage } from './operation.ts';
export { type ResumableClient, type ResumableOptions, resumable } from './resumable.ts';
export type { ConnectionStatus, Observable } from './status.ts';
