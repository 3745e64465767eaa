/** Keeps reads that were in flight before a write from requests that come after it. */

/**
 * Runs `write`. A read that was in flight before `write` was answered may show the previous state, so later requests do
 * not join it: `forget` says so, before and after.
 */
export async function written<T>(write: () => Promise<T>, forget: () => void): Promise<T> {
  forget();
  try {
    return await write();
  } finally {
    forget();
  }
}
