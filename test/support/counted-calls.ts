/** Counts how often the program uses what costs: so that a test of cost needs no clock. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { type MockInstance, onTestFinished, vi } from 'vitest';

export interface CountedCalls {
  /** How many there were since the last time. */
  take(): number;
}

/** The HMACs that this process computes, until the test ends. */
export function countedHmacs(): CountedCalls {
  return countedCrypto(vi.spyOn(crypto, 'createHmac'));
}

/** The hashes that this process computes by `createHash` or `hash`, until the test ends. */
export function countedHashes(): CountedCalls {
  return countedCrypto(vi.spyOn(crypto, 'createHash'), vi.spyOn(crypto, 'hash'));
}

function countedCrypto(...spies: readonly MockInstance[]): CountedCalls {
  syncBuiltinESMExports();
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
    syncBuiltinESMExports();
  });
  return takenFrom(() => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0));
}

/** The `AbortController`s that this process makes, until the test ends. */
export function countedAbortControllers(): CountedCalls {
  let made = 0;
  class Counted extends AbortController {
    constructor() {
      super();
      made += 1;
    }
  }
  vi.stubGlobal('AbortController', Counted);
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return takenFrom(() => made);
}

function takenFrom(total: () => number): CountedCalls {
  let taken = 0;
  return {
    take: () => {
      const count = total() - taken;
      taken += count;
      return count;
    },
  };
}
