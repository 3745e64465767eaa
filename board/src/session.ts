/** The person's token: in memory, or in session storage if they say so. Nothing else is kept. */

const key = 'waybill-token';
let current = sessionStorage.getItem(key) ?? undefined;

export function token(): string | undefined {
  return current;
}

export function signIn(value: string, isKept: boolean): void {
  current = value;
  if (isKept) sessionStorage.setItem(key, value);
}

export function signOut(): void {
  current = undefined;
  sessionStorage.removeItem(key);
}
