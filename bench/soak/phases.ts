/** The phases of a soak. */

/** A recovered service is used again within this time; an open breaker after the last fault is expected. */
export const recoveryMs = 10_000;

/** The warm-up is excluded from the goals; in the calm phase at the end no fault is injected. */
export function phasesOf(durationMs: number) {
  const edgeMs = Math.min(60_000, durationMs / 4);
  return { warmUpMs: edgeMs, calmMs: edgeMs, sampleEveryMs: Math.min(15_000, durationMs / 12) };
}
