/** Settings that are good by themselves and not together. */
import { isLoopback } from '../base/loopback.ts';
import { type Given, variables } from './variables.ts';

/** The faults of `given` as a whole. What is no good by itself is left to `readVariables`. */
export function contradictions(given: Given): readonly string[] {
  return [...authFaults(given), ...cadenceFaults(given), ...sharingFaults(given), ...diagnosticsFaults(given)];
}

/** What each way of asking callers who they are cannot do without. */
const neededBy: Readonly<Record<string, readonly string[]>> = {
  tokens: ['WAYBILL_TOKENS_FILE'],
  jwt: ['WAYBILL_JWT_ISSUER', 'WAYBILL_JWT_AUDIENCE', 'WAYBILL_JWKS_URL'],
};

function authFaults(given: Given): readonly string[] {
  const { HOST: host = '127.0.0.1', WAYBILL_AUTH: auth = 'none' } = given;
  if (auth === 'none' && !isLoopback(host)) {
    return [`HOST: expected a loopback address while WAYBILL_AUTH is none, received ${JSON.stringify(host)}`];
  }
  const missing = neededBy[auth]?.filter((name) => given[name] === undefined) ?? [];
  return missing.map((name) => `${name}: expected a value, as WAYBILL_AUTH is ${auth}, received none`);
}

function cadenceFaults(given: Given): readonly string[] {
  const { data: minMs = 0 } = variables.WAYBILL_POLL_MIN_MS.safeParse(given['WAYBILL_POLL_MIN_MS']);
  const { data: maxMs = minMs } = variables.WAYBILL_POLL_MAX_MS.safeParse(given['WAYBILL_POLL_MAX_MS']);
  return minMs > maxMs ? ['WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more'] : [];
}

/** Each gateway would have an emulator of its own, with jobs that the others know nothing of. */
function sharingFaults(given: Given): readonly string[] {
  const isAlone = given['WAYBILL_REDIS_URL'] === undefined || given['WAYBILL_BACKEND'] === 'aws';
  return isAlone ? [] : ['WAYBILL_BACKEND: expected aws where WAYBILL_REDIS_URL is set, received another'];
}

/** What makes Node write down requests, keys, its memory or its environment, or let a debugger in. */
const diagnosticOptions =
  /--(?:inspect|debug|heapsnapshot|heap-prof|report-|abort-on-uncaught|trace-(?:env|event|tls)|tls-keylog)/;

/** None of it belongs where callers or AWS are real: what Node then writes passes by every rule of this program. */
function diagnosticsFaults(given: Given): readonly string[] {
  const { WAYBILL_AUTH: auth = 'none', WAYBILL_BACKEND: backend = 'emulator' } = given;
  if (auth === 'none' && backend === 'emulator') return [];
  const names = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'].filter((name) => Boolean(given[name]));
  if (diagnosticOptions.test(given['NODE_OPTIONS'] ?? '')) names.push('NODE_OPTIONS');
  return names.map((name) => `${name}: expected nothing that makes Node write down what it handles, received some`);
}
