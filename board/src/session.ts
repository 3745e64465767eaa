/** The person's token: in memory, or in session storage if they say so. */

const key = 'waybill-token';
let current = stored();
const listeners = new Set<() => void>();

export function token(): string | undefined {
  return current;
}

export function signIn(value: string, isKept: boolean): void {
  current = value;
  if (isKept) sessionStorage.setItem(key, value);
}

/** Forgets what the person has typed into forms as well. */
export function signOut(): void {
  current = undefined;
  sessionStorage.clear();
}

/** Calls `listener` when something was refused, perhaps for the token. */
export function onDoubtfulToken(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function doubtToken(): void {
  for (const listener of listeners) listener();
}

/** A browser that stores nothing for the site throws where the storage is read. */
function stored(): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
