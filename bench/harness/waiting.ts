/** Waits for a time or for a condition. */
import { setTimeout as pause } from 'node:timers/promises';

export function sleep(ms: number): Promise<void> {
  return pause(ms);
}

/** False if `isReached` was not true within `limitMs`. Polls seldom, so that it does not affect the measurement. */
export async function reached(isReached: () => Promise<boolean>, limitMs: number, everyMs = 100): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    if (await isReached()) return true;
    await pause(everyMs);
  }
  return isReached();
}

/** As `reached`, for a count; also gives up if the count has not changed for `stallMs`. */
export async function counted(
  count: () => Promise<number>,
  target: number,
  { limitMs, stallMs }: { readonly limitMs: number; readonly stallMs: number },
): Promise<boolean> {
  let last = -1;
  let changedAt = performance.now();
  await reached(async () => {
    const now = await count();
    if (now !== last) changedAt = performance.now();
    last = now;
    return now >= target || performance.now() - changedAt > stallMs;
  }, limitMs);
  return last >= target;
}
