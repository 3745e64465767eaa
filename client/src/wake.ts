/** What a browser says about its network and its page. In Node nothing is said, and nothing is assumed. */

/** Calls `listener` when the page becomes visible, comes back from the history, or the network comes or goes. */
export function onWake(listener: () => void): () => void {
  if (typeof addEventListener === 'undefined' || typeof document === 'undefined') return () => {};
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  const events = ['online', 'offline', 'pageshow'];
  for (const event of events) addEventListener(event, listener);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    for (const event of events) removeEventListener(event, listener);
    document.removeEventListener('visibilitychange', onVisible);
  };
}

/** Whether the browser knows that it has no network. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && navigator.onLine === false;
}
