/** How a soak is divided. */

/** A service that is well again is used again by then: a breaker that a last fault has opened is no fault of the calm. */
export const recoveryMs = 10_000;

/** What grows at first is left out of what is held against the goals; at the end nothing fails any more. */
export function phasesOf(durationMs: number) {
  const edgeMs = Math.min(60_000, durationMs / 4);
  return { warmUpMs: edgeMs, calmMs: edgeMs, sampleEveryMs: Math.min(15_000, durationMs / 12) };
}
