/** Creates whose outcome is not known yet, by the names of their forms. They outlive a reload. */
import type { CreateOnceOptions } from 'waybill-client';

type Storage = NonNullable<CreateOnceOptions['storage']>;

/** Where the browser stores nothing, a create is open for as long as the page. */
const memory = new Map<string, string>();

function stored<Result>(use: (storage: globalThis.Storage) => Result, otherwise: () => Result): Result {
  try {
    return use(sessionStorage);
  } catch {
    return otherwise();
  }
}

/** The names are those that `createOnce` is given below. */
export const openCreates: Storage = {
  getItem: (name) =>
    stored(
      (storage) => storage.getItem(name),
      () => memory.get(name) ?? null,
    ),
  setItem: (name, key) =>
    stored(
      (storage) => storage.setItem(name, key),
      () => void memory.set(name, key),
    ),
  removeItem: (name) =>
    stored(
      (storage) => storage.removeItem(name),
      () => void memory.delete(name),
    ),
};

/** As `createOnce` writes them. */
function storageKey(name: string): string {
  return `waybill:create:${name}`;
}

export function isOpenCreate(name: string): boolean {
  return openCreates.getItem(storageKey(name)) !== null;
}

export function forgetCreate(name: string): void {
  openCreates.removeItem(storageKey(name));
}
