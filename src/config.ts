/** The environment in; a frozen `Config`, or every fault at once, out. */
import { isIP } from 'node:net';
import { z } from 'zod';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly backend: 'aws' | 'emulator';
  /** Where each service is, for `aws`; absent: where AWS has it. */
  readonly endpoints: { readonly dataExchange: string | undefined; readonly importExport: string | undefined };
  readonly importExportSignature: 'v2' | 'v4';
  /** Exact origins, beside the gateway's own, whose pages may use it. */
  readonly allowedOrigins: readonly string[];
  readonly poll: { readonly minMs: number; readonly maxMs: number };
  readonly pollsPerSecond: { readonly dataExchange: number; readonly importExport: number };
  /** The folder of what survives a restart. */
  readonly dataDir: string;
  readonly emulator: { readonly stepMs: number; readonly port: number };
}

/** Thrown by `configFrom`; each fault names its variable, what was expected and what arrived. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

const wholeNumber = (what: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .describe(`a ${what} from ${min} to ${max}`);

const positiveNumber = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)
  .refine((value) => value > 0 && value <= 1_000)
  .describe('a number above 0, at most 1000');

const url = z
  .string()
  .refine((value) => isEndpoint(value))
  .describe('an http or https URL without user or password');

const origins = z
  .string()
  .transform((value) => value.split(',').map((each) => each.trim()))
  .refine((values) => values.every((value) => originOf(value) === value))
  .describe('exact origins such as https://app.example.com, separated by commas');

const oneOf = <const T extends readonly string[]>(...values: T) => z.enum(values).describe(values.join(' or '));

const port = wholeNumber('port number', 0, 65_535);
const milliseconds = wholeNumber('whole number of milliseconds', 10, 86_400_000);

/** Every variable that Waybill reads itself. Those of the AWS SDK, such as `AWS_REGION`, are the SDK's to read. */
const variables = {
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(4000),
  WAYBILL_BACKEND: oneOf('emulator', 'aws').default('emulator'),
  AWS_ENDPOINT_URL: url.optional(),
  AWS_ENDPOINT_URL_DATAEXCHANGE: url.optional(),
  AWS_ENDPOINT_URL_IMPORTEXPORT: url.optional(),
  WAYBILL_IMPORT_EXPORT_SIGNATURE: oneOf('v4', 'v2').default('v4'),
  WAYBILL_AUTH: oneOf('none').default('none'),
  WAYBILL_ALLOWED_ORIGINS: origins.default([]),
  WAYBILL_POLL_MIN_MS: milliseconds.default(2_000),
  WAYBILL_POLL_MAX_MS: milliseconds.default(30_000),
  WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: positiveNumber.default(5),
  WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: positiveNumber.default(2),
  WAYBILL_DATA_DIR: z.string().default('.waybill'),
  WAYBILL_EMULATOR_STEP_MS: milliseconds.default(3_000),
  EMULATOR_PORT: port.default(4566),
} as const;

const environment = z.object(variables);

type Environment = z.infer<typeof environment>;

/** Throws `ConfigError` with every fault of `env`. An empty value counts as none, as it does for the AWS SDK. */
export function configFrom(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  const faults = [
    ...unknownNames(given),
    ...(parsed.error ? faultsOf(parsed.error, given) : []),
    ...contradictions(given),
  ];
  if (faults.length > 0 || !parsed.success) throw new ConfigError(faults);
  return Object.freeze(configOf(parsed.data));
}

function configOf(env: Environment): Config {
  return {
    host: env.HOST,
    port: env.PORT,
    backend: env.WAYBILL_BACKEND,
    endpoints: {
      dataExchange: env.AWS_ENDPOINT_URL_DATAEXCHANGE ?? env.AWS_ENDPOINT_URL,
      importExport: env.AWS_ENDPOINT_URL_IMPORTEXPORT ?? env.AWS_ENDPOINT_URL,
    },
    importExportSignature: env.WAYBILL_IMPORT_EXPORT_SIGNATURE,
    allowedOrigins: env.WAYBILL_ALLOWED_ORIGINS,
    poll: { minMs: env.WAYBILL_POLL_MIN_MS, maxMs: env.WAYBILL_POLL_MAX_MS },
    pollsPerSecond: {
      dataExchange: env.WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND,
      importExport: env.WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND,
    },
    dataDir: env.WAYBILL_DATA_DIR,
    emulator: { stepMs: env.WAYBILL_EMULATOR_STEP_MS, port: env.EMULATOR_PORT },
  };
}

/** A misspelt setting must not silently leave the default in force. */
function unknownNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('WAYBILL_') && !(name in variables))
    .map((name) => `${name}: is not a setting of Waybill`);
}

function faultsOf(error: z.ZodError, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = new Set(error.issues.map((issue) => String(issue.path[0])));
  return [...names].map((name) => `${name}: expected ${expected(name)}, received ${received(env[name])}`);
}

/** What arrived, unless it may hold a password. */
function received(value: string | undefined): string {
  return value?.includes('@') ? 'something with an @ in it' : JSON.stringify(value);
}

function expected(name: string): string {
  const variable = Object.entries(variables).find(([known]) => known === name)?.[1];
  return (variable && 'unwrap' in variable ? variable.unwrap().description : undefined) ?? 'another value';
}

/** Settings that are good by themselves and not together. Those that are not good are left to `faultsOf`. */
function contradictions(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { HOST: host = '127.0.0.1' } = given;
  const { data: minMs = 0 } = variables.WAYBILL_POLL_MIN_MS.safeParse(given['WAYBILL_POLL_MIN_MS']);
  const { data: maxMs = minMs } = variables.WAYBILL_POLL_MAX_MS.safeParse(given['WAYBILL_POLL_MAX_MS']);
  const faults: string[] = [];
  if (!isLoopback(host)) {
    faults.push(`HOST: expected a loopback address while WAYBILL_AUTH is none, received ${JSON.stringify(host)}`);
  }
  if (minMs > maxMs) faults.push('WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more');
  return faults;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function originOf(value: string): string {
  return URL.canParse(value) ? new URL(value).origin : '';
}
