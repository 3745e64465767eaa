/** Finds settings that contradict each other. */
import { isLoopback } from '../base/loopback.ts';
import { received } from './config-error.ts';
import { type RawEnvironment, variables } from './variables.ts';

/** The faults of the settings together. Invalid single values are left to `readVariables`. */
export function contradictions(raw: RawEnvironment): readonly string[] {
  return [
    ...authFaults(raw),
    ...cadenceFaults(raw),
    ...sharingFaults(raw),
    ...metricsFaults(raw),
    ...diagnosticsFaults(raw),
  ];
}

/** The settings that each kind of authentication requires. */
const requiredBy: Readonly<Record<string, readonly string[]>> = {
  tokens: ['WAYBILL_TOKENS_FILE'],
  jwt: ['WAYBILL_JWT_ISSUER', 'WAYBILL_JWT_AUDIENCE', 'WAYBILL_JWKS_URL'],
};

function authFaults(raw: RawEnvironment): readonly string[] {
  const { HOST: host = '127.0.0.1', WAYBILL_AUTH: auth = 'none' } = raw;
  if (auth === 'none' && !isLoopback(host)) {
    return [`HOST: expected a loopback address while WAYBILL_AUTH is none, received ${received(host)}`];
  }
  const missing = requiredBy[auth]?.filter((name) => raw[name] === undefined) ?? [];
  return missing.map((name) => `${name}: expected a value, as WAYBILL_AUTH is ${auth}, received none`);
}

function cadenceFaults(raw: RawEnvironment): readonly string[] {
  const { data: minMs = 0 } = variables.WAYBILL_POLL_MIN_MS.safeParse(raw['WAYBILL_POLL_MIN_MS']);
  const { data: maxMs = minMs } = variables.WAYBILL_POLL_MAX_MS.safeParse(raw['WAYBILL_POLL_MAX_MS']);
  return minMs > maxMs ? ['WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more'] : [];
}

/** Each gateway would have its own emulator, with jobs that the others do not have. */
function sharingFaults(raw: RawEnvironment): readonly string[] {
  if (raw['WAYBILL_REDIS_URL'] === undefined) {
    return raw['WAYBILL_REDIS_REPLICAS'] === undefined
      ? []
      : ['WAYBILL_REDIS_URL: expected a value, as WAYBILL_REDIS_REPLICAS is set, received none'];
  }
  if (raw['WAYBILL_BACKEND'] === 'aws') return [];
  return ['WAYBILL_BACKEND: expected aws where WAYBILL_REDIS_URL is set, received emulator'];
}

function metricsFaults(raw: RawEnvironment): readonly string[] {
  const { WAYBILL_METRICS_HOST: metricsHost, WAYBILL_METRICS_PORT: metricsPort } = raw;
  if (metricsPort === undefined) {
    return metricsHost === undefined
      ? []
      : ['WAYBILL_METRICS_PORT: expected a port where WAYBILL_METRICS_HOST is set, received none'];
  }
  const { HOST: host = '127.0.0.1', PORT: port = '4000' } = raw;
  const hosts = [host, metricsHost ?? '127.0.0.1'];
  const isSameHost = hosts[0] === hosts[1] || hosts.some((each) => each === '0.0.0.0' || each === '::');
  if (Number(metricsPort) === 0 || Number(metricsPort) !== Number(port) || !isSameHost) return [];
  return [`WAYBILL_METRICS_PORT: expected another port than that of PORT, received ${received(metricsPort)} for both`];
}

/** Options that make Node write requests, keys, memory or environment to disk, or open a debugger. */
const diagnosticOptions =
  /--(?:inspect|debug|heapsnapshot|heap-prof|report-|abort-on-uncaught|trace-(?:env|event|tls)|tls-keylog)/;

/** None of them is allowed with real callers or AWS, since Node's output bypasses every rule of this program. */
function diagnosticsFaults(raw: RawEnvironment): readonly string[] {
  const { WAYBILL_AUTH: auth = 'none', WAYBILL_BACKEND: backend = 'emulator' } = raw;
  if (auth === 'none' && backend === 'emulator') return [];
  const names = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'].filter((name) => Boolean(raw[name]));
  if (diagnosticOptions.test(raw['NODE_OPTIONS'] ?? '')) names.push('NODE_OPTIONS');
  return names.map(
    (name) => `${name}: expected no option that makes Node write out the data that it handles, received one`,
  );
}
