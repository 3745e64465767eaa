/** Injects faults at the services during a soak: single calls in every way, and periodic outages of a whole service. */
import type { EmulatorControl, Fault } from '../harness/emulator-control.ts';
import { sleep } from '../harness/waiting.ts';
import { pick } from './request-mix.ts';

const single: readonly Fault[] = [
  { status: 500 },
  { status: 503 },
  { status: 502, body: '<html>Bad Gateway</html>' },
  { status: 429, headers: { 'retry-after': '1' } },
  { reset: true },
  { reset: true, afterCommit: true },
  { truncateAt: 40 },
  { delayMs: 300 },
  { delayMs: 2_500 },
  { never: true },
];

const operations: readonly string[] = [
  'DataExchange.*',
  'DataExchange.*',
  'DataExchange.CreateJob',
  'DataExchange.StartJob',
  'DataExchange.GetJob',
  'ImportExport.*',
  'ImportExport.GetStatus',
];

const perSecond = 6;
const maxTimes = 3;

const blackOuts: readonly Fault[] = [{ reset: true }, { status: 503 }, { never: true }];
const blackOutEveryS = 30;
const blackOutMs = 4_000;
const everything = 1_000_000;

/** Runs until `isOver`, then clears all faults. Returns the number of faults and of outages. */
export async function injectFaults(emulator: EmulatorControl, hasEnded: () => boolean) {
  const counts = { faults: 0, blackOuts: 0 };
  for (let second = 1; !hasEnded(); second += 1) {
    if (second % blackOutEveryS === 0) {
      await blackOut(emulator, counts.blackOuts);
      counts.blackOuts += 1;
    } else {
      counts.faults += await failSome(emulator);
      await sleep(1_000);
    }
  }
  await emulator.heal();
  return counts;
}

async function failSome(emulator: EmulatorControl): Promise<number> {
  let ordered = 0;
  for (let count = 0; count < perSecond; count += 1) {
    const times = 1 + Math.floor(Math.random() * maxTimes);
    await emulator.fail(pick(operations) ?? '*', times, pick(single) ?? {});
    ordered += times;
  }
  return ordered;
}

/** Also clears pending faults of rarely called operations, which would otherwise accumulate. */
async function blackOut(emulator: EmulatorControl, count: number): Promise<void> {
  await emulator.heal();
  const service = count % 2 === 0 ? 'DataExchange' : 'ImportExport';
  await emulator.fail(`${service}.*`, everything, blackOuts[count % blackOuts.length] ?? {});
  await sleep(blackOutMs);
  await emulator.heal();
}
