/** Counts how often the program uses what costs: so that a test of cost needs no clock. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { onTestFinished, vi } from 'vitest';

export interface CountedCalls {
  /** How many there were since the last time. */
  take(): number;
}

/** The HMACs that this process computes, until the test ends. */
export function countedHmacs(): CountedCalls {
  const spy = vi.spyOn(crypto, 'createHmac');
  syncBuiltinESMExports();
  onTestFinished(() => {
    spy.mockRestore();
    syncBuiltinESMExports();
  });
  return takenFrom(spy);
}

/** The `AbortController`s that this process makes, until the test ends. */
export function countedAbortControllers(): CountedCalls {
  const spy = vi.spyOn(globalThis, 'AbortController');
  onTestFinished(() => spy.mockRestore());
  return takenFrom(spy);
}

function takenFrom(spy: { readonly mock: { readonly calls: readonly unknown[] } }): CountedCalls {
  let taken = 0;
  return {
    take: () => {
      const count = spy.mock.calls.length - taken;
      taken += count;
      return count;
    },
  };
}
