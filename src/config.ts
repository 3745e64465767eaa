/** The environment in; a frozen `Config`, or every fault at once, out. */
import { isIP } from 'node:net';
import { z } from 'zod';

/** How callers prove who they are. `none`: nobody is asked, and only this machine is served. */
export type Auth =
  | { readonly mode: 'none' }
  | { readonly mode: 'tokens'; readonly file: string }
  | { readonly mode: 'jwt'; readonly issuer: string; readonly audience: string; readonly jwksUrl: URL };

/** How much one operation may ask; `access/operation-limits.ts` says what each counts. */
export interface OperationSettings {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  readonly nodes: number;
  readonly cost: number;
}

/** How much one caller or one connection may ask. Infinite where nobody is asked who they are, unless set. */
export interface CallerSettings {
  readonly costPerMinute: number;
  readonly sockets: number;
  readonly operationsPerSocket: number;
  readonly messagesPerSecond: number;
  readonly connections: number;
}

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly backend: 'aws' | 'emulator';
  /** Where each service is, for `aws`; absent: where AWS has it. */
  readonly endpoints: { readonly dataExchange: string | undefined; readonly importExport: string | undefined };
  readonly importExportSignature: 'v2' | 'v4';
  readonly auth: Auth;
  /** Exact origins, beside the gateway's own, whose pages may use it. */
  readonly allowedOrigins: readonly string[];
  /** Whether a query may come by GET. */
  readonly takesGet: boolean;
  /** Whether a browser that opens the address finds GraphiQL. */
  readonly graphiql: boolean;
  /** Who may read the schema: everyone, or who has the scope `schema:read`. */
  readonly introspection: 'everyone' | 'scope';
  /** A file with the only documents that are run; absent: any. */
  readonly trustedDocuments: string | undefined;
  readonly maxBodyBytes: number;
  readonly maxMessageBytes: number;
  readonly operation: OperationSettings;
  readonly caller: CallerSettings;
  readonly poll: { readonly minMs: number; readonly maxMs: number };
  readonly pollsPerSecond: { readonly dataExchange: number; readonly importExport: number };
  /** The folder of what survives a restart. */
  readonly dataDir: string;
  /** A Redis that several gateways share, which then holds what `dataDir` would; absent: this one is alone. */
  readonly redisUrl: string | undefined;
  /** Where Prometheus finds the metrics, on this machine; absent: nothing is counted. */
  readonly metricsPort: number | undefined;
  /** Where traces go, by OTLP over HTTP; absent: none are made. */
  readonly tracesEndpoint: string | undefined;
  readonly emulator: { readonly stepMs: number; readonly port: number };
  /** The least that is worth a line in the log. */
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
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

const redisUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol))
  .describe('a redis or rediss URL');

const oneOf = <const T extends readonly string[]>(...values: T) => z.enum(values).describe(values.join(' or '));

/** Keys from where anybody could change them would let anybody in. */
const keySetUrl = url
  .refine((value) => isEndpoint(value) && isPrivateUrl(new URL(value)))
  .describe('an https URL, or an http URL of a loopback address');

const limit = wholeNumber('whole number', 1, 1_000_000_000);

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
  WAYBILL_AUTH: oneOf('none', 'tokens', 'jwt').default('none'),
  WAYBILL_TOKENS_FILE: z.string().optional(),
  WAYBILL_JWT_ISSUER: z.string().optional(),
  WAYBILL_JWT_AUDIENCE: z.string().optional(),
  WAYBILL_JWKS_URL: keySetUrl.optional(),
  WAYBILL_GET: oneOf('on', 'off').default('on'),
  WAYBILL_GRAPHIQL: oneOf('on', 'off').optional(),
  WAYBILL_INTROSPECTION: oneOf('everyone', 'scope').default('everyone'),
  WAYBILL_TRUSTED_DOCUMENTS: z.string().optional(),
  WAYBILL_MAX_BODY_BYTES: limit.default(131_072),
  WAYBILL_MAX_MESSAGE_BYTES: limit.default(65_536),
  WAYBILL_MAX_TOKENS: limit.default(1_000),
  WAYBILL_MAX_DEPTH: limit.default(8),
  WAYBILL_MAX_ALIASES: limit.default(15),
  WAYBILL_MAX_ROOT_FIELDS: limit.default(5),
  WAYBILL_MAX_DIRECTIVES: limit.default(20),
  WAYBILL_MAX_NODES: limit.default(2_000),
  WAYBILL_MAX_COST: limit.default(1_000),
  WAYBILL_MAX_COST_PER_MINUTE: limit.optional(),
  WAYBILL_MAX_SOCKETS_PER_CALLER: limit.optional(),
  WAYBILL_MAX_OPERATIONS_PER_SOCKET: limit.default(50),
  WAYBILL_MAX_MESSAGES_PER_SECOND: limit.optional(),
  WAYBILL_MAX_CONNECTIONS: limit.optional(),
  WAYBILL_LOG_LEVEL: oneOf('silent', 'error', 'warn', 'info', 'debug').default('info'),
  WAYBILL_ALLOWED_ORIGINS: origins.default([]),
  WAYBILL_POLL_MIN_MS: milliseconds.default(2_000),
  WAYBILL_POLL_MAX_MS: milliseconds.default(30_000),
  WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: positiveNumber.default(5),
  WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: positiveNumber.default(2),
  WAYBILL_DATA_DIR: z.string().default('.waybill'),
  WAYBILL_REDIS_URL: redisUrl.optional(),
  WAYBILL_EMULATOR_STEP_MS: milliseconds.default(3_000),
  WAYBILL_METRICS_PORT: port.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
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
    auth: authOf(env),
    allowedOrigins: env.WAYBILL_ALLOWED_ORIGINS,
    takesGet: env.WAYBILL_GET === 'on',
    graphiql: env.WAYBILL_GRAPHIQL === undefined ? isLoopback(env.HOST) : env.WAYBILL_GRAPHIQL === 'on',
    introspection: env.WAYBILL_INTROSPECTION,
    trustedDocuments: env.WAYBILL_TRUSTED_DOCUMENTS,
    maxBodyBytes: env.WAYBILL_MAX_BODY_BYTES,
    maxMessageBytes: env.WAYBILL_MAX_MESSAGE_BYTES,
    operation: {
      tokens: env.WAYBILL_MAX_TOKENS,
      depth: env.WAYBILL_MAX_DEPTH,
      aliases: env.WAYBILL_MAX_ALIASES,
      rootFields: env.WAYBILL_MAX_ROOT_FIELDS,
      directives: env.WAYBILL_MAX_DIRECTIVES,
      nodes: env.WAYBILL_MAX_NODES,
      cost: env.WAYBILL_MAX_COST,
    },
    caller: callerSettingsOf(env),
    poll: { minMs: env.WAYBILL_POLL_MIN_MS, maxMs: env.WAYBILL_POLL_MAX_MS },
    pollsPerSecond: {
      dataExchange: env.WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND,
      importExport: env.WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND,
    },
    dataDir: env.WAYBILL_DATA_DIR,
    redisUrl: env.WAYBILL_REDIS_URL,
    metricsPort: env.WAYBILL_METRICS_PORT,
    tracesEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    emulator: { stepMs: env.WAYBILL_EMULATOR_STEP_MS, port: env.EMULATOR_PORT },
    logLevel: env.WAYBILL_LOG_LEVEL,
  };
}

/** What `contradictions` has let through is whole. */
function authOf(env: Environment): Auth {
  if (env.WAYBILL_AUTH === 'tokens') return { mode: 'tokens', file: env.WAYBILL_TOKENS_FILE ?? '' };
  if (env.WAYBILL_AUTH === 'none') return { mode: 'none' };
  return {
    mode: 'jwt',
    issuer: env.WAYBILL_JWT_ISSUER ?? '',
    audience: env.WAYBILL_JWT_AUDIENCE ?? '',
    jwksUrl: new URL(env.WAYBILL_JWKS_URL ?? ''),
  };
}

/** Where everybody on a machine is one caller, to limit that caller would let one program shut out the others. */
function callerSettingsOf(env: Environment): CallerSettings {
  const unless = (known: number): number => (env.WAYBILL_AUTH === 'none' ? Number.POSITIVE_INFINITY : known);
  return {
    costPerMinute: env.WAYBILL_MAX_COST_PER_MINUTE ?? unless(10_000),
    sockets: env.WAYBILL_MAX_SOCKETS_PER_CALLER ?? unless(20),
    operationsPerSocket: env.WAYBILL_MAX_OPERATIONS_PER_SOCKET,
    messagesPerSecond: env.WAYBILL_MAX_MESSAGES_PER_SECOND ?? unless(5),
    connections: env.WAYBILL_MAX_CONNECTIONS ?? unless(5_000),
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
  return [...authFaults(given), ...cadenceFaults(given), ...sharingFaults(given), ...diagnosticsFaults(given)];
}

/** What each way of asking callers who they are cannot do without. */
const neededBy: Readonly<Record<string, readonly string[]>> = {
  tokens: ['WAYBILL_TOKENS_FILE'],
  jwt: ['WAYBILL_JWT_ISSUER', 'WAYBILL_JWT_AUDIENCE', 'WAYBILL_JWKS_URL'],
};

function authFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { HOST: host = '127.0.0.1', WAYBILL_AUTH: auth = 'none' } = given;
  if (auth === 'none' && !isLoopback(host)) {
    return [`HOST: expected a loopback address while WAYBILL_AUTH is none, received ${JSON.stringify(host)}`];
  }
  const missing = neededBy[auth]?.filter((name) => given[name] === undefined) ?? [];
  return missing.map((name) => `${name}: expected a value, as WAYBILL_AUTH is ${auth}, received none`);
}

function cadenceFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { data: minMs = 0 } = variables.WAYBILL_POLL_MIN_MS.safeParse(given['WAYBILL_POLL_MIN_MS']);
  const { data: maxMs = minMs } = variables.WAYBILL_POLL_MAX_MS.safeParse(given['WAYBILL_POLL_MAX_MS']);
  return minMs > maxMs ? ['WAYBILL_POLL_MIN_MS: expected at most WAYBILL_POLL_MAX_MS, received more'] : [];
}

/** Each gateway would have an emulator of its own, with jobs that the others know nothing of. */
function sharingFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const isAlone = given['WAYBILL_REDIS_URL'] === undefined || given['WAYBILL_BACKEND'] === 'aws';
  return isAlone ? [] : ['WAYBILL_BACKEND: expected aws where WAYBILL_REDIS_URL is set, received another'];
}

/** What makes Node write down requests, keys, its memory or its environment, or let a debugger in. */
const diagnosticOptions =
  /--(?:inspect|debug|heapsnapshot|heap-prof|report-|abort-on-uncaught|trace-(?:env|event|tls)|tls-keylog)/;

/** None of it belongs where callers or AWS are real: what Node then writes passes by every rule of this program. */
function diagnosticsFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const { WAYBILL_AUTH: auth = 'none', WAYBILL_BACKEND: backend = 'emulator' } = given;
  if (auth === 'none' && backend === 'emulator') return [];
  const names = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'].filter((name) => Boolean(given[name]));
  if (diagnosticOptions.test(given['NODE_OPTIONS'] ?? '')) names.push('NODE_OPTIONS');
  return names.map((name) => `${name}: expected nothing that makes Node write down what it handles, received some`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function isPrivateUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function originOf(value: string): string {
  return URL.canParse(value) ? new URL(value).origin : '';
}
