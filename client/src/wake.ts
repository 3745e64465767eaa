/** What a browser says about its network and its page. In Node nothing is said, and nothing is assumed. */

/** Calls `listener` when the page becomes visible, comes back from the history, or the network comes or goes. */
export function onWake(listener: () => void): () => void {
  const leaving = new AbortController();
  const { signal } = leaving;
  if (typeof document !== 'undefined') {
    for (const event of ['online', 'offline', 'pageshow']) addEventListener(event, listener, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && listener(), {
      signal,
    });
  }
  return () => leaving.abort();
}

/** Whether the browser knows that it has no network. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false;
}
