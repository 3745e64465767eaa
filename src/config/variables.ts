/** Defines each environment variable with its default and its validation. */
import { z } from 'zod';
import { isLoopback } from '../base/loopback.ts';
import { isProxyRange } from '../identity/client-address.ts';
import { defaultOperationLimits } from '../limits/operation-limits.ts';
import { received } from './config-error.ts';

/** The environment without empty values. */
export type RawEnvironment = Readonly<Record<string, string | undefined>>;

const wholeNumber = (noun: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)
    .describe(`a ${noun} from ${min} to ${max}`);

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

const list = z.string().transform((value) => value.split(',').map((each) => each.trim()));

const origins = list
  .refine((values) => values.every((value) => originOf(value) === value))
  .describe('exact origins such as https://app.example.com, separated by commas');

const proxies = list
  .refine((values) => values.every(isProxyRange))
  .describe('addresses or networks of proxies such as 10.0.0.0/8, separated by commas');

const redisUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^rediss?:$/.test(new URL(value).protocol))
  .describe('a redis or rediss URL');

const oneOf = <const T extends readonly string[]>(...values: T) => z.enum(values).describe(values.join(' or '));

/** Whoever can change the keys on the way could authenticate as anyone. */
const keySetUrl = url
  .refine((value) => isEndpoint(value) && isPrivateUrl(new URL(value)))
  .describe('an https URL, or an http URL of a loopback address');

const limit = wholeNumber('whole number', 1, 1_000_000_000);

const port = wholeNumber('port number', 0, 65_535);
const milliseconds = wholeNumber('whole number of milliseconds', 10, 86_400_000);

/**
 * The largest input of the schema, 140,000 characters in all, takes 0.98 MB in the longest usual encoding: each
 * character as `\\u0061` in a literal of a document within JSON, 7 bytes. The rest is for names and white space.
 */
const largestInputBytes = 1_048_576;

/** Every variable that Waybill itself reads. The SDK reads those of the AWS SDK, such as `AWS_REGION`. */
export const variables = {
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
  WAYBILL_BOARD: oneOf('on', 'off').optional(),
  WAYBILL_GRAPHIQL: oneOf('on', 'off').optional(),
  WAYBILL_INTROSPECTION: oneOf('everyone', 'scope').default('everyone'),
  WAYBILL_FEDERATION: oneOf('on', 'off').default('off'),
  WAYBILL_TRUSTED_DOCUMENTS: z.string().optional(),
  WAYBILL_MAX_BODY_BYTES: limit.default(largestInputBytes),
  WAYBILL_MAX_MESSAGE_BYTES: limit.optional(),
  WAYBILL_MAX_TOKENS: limit.default(defaultOperationLimits.tokens),
  WAYBILL_MAX_DEPTH: limit.default(defaultOperationLimits.depth),
  WAYBILL_MAX_ALIASES: limit.default(defaultOperationLimits.aliases),
  WAYBILL_MAX_ROOT_FIELDS: limit.default(defaultOperationLimits.rootFields),
  WAYBILL_MAX_DIRECTIVES: limit.default(defaultOperationLimits.directives),
  WAYBILL_MAX_NODES: limit.default(defaultOperationLimits.nodes),
  WAYBILL_MAX_COST: limit.default(defaultOperationLimits.cost),
  WAYBILL_MAX_COST_PER_MINUTE: limit.optional(),
  WAYBILL_MAX_SOCKETS_PER_CALLER: limit.optional(),
  WAYBILL_MAX_OPERATIONS_PER_SOCKET: limit.default(50),
  WAYBILL_MAX_MESSAGES_PER_SECOND: limit.optional(),
  WAYBILL_MAX_CONNECTIONS: limit.optional(),
  WAYBILL_LOG_LEVEL: oneOf('silent', 'error', 'warn', 'info', 'debug').default('info'),
  WAYBILL_ALLOWED_ORIGINS: origins.default([]),
  WAYBILL_TRUSTED_PROXIES: proxies.default([]),
  WAYBILL_POLL_MIN_MS: milliseconds.default(2_000),
  WAYBILL_POLL_MAX_MS: milliseconds.default(30_000),
  WAYBILL_DATA_EXCHANGE_POLLS_PER_SECOND: positiveNumber.default(5),
  WAYBILL_IMPORT_EXPORT_POLLS_PER_SECOND: positiveNumber.default(2),
  WAYBILL_DATA_DIR: z.string().default('.waybill'),
  WAYBILL_REDIS_URL: redisUrl.optional(),
  WAYBILL_REDIS_REPLICAS: wholeNumber('whole number', 0, 100).optional(),
  WAYBILL_EMULATOR_STEP_MS: milliseconds.default(3_000),
  WAYBILL_EMULATOR_VARIETY: z.string().optional(),
  WAYBILL_METRICS_PORT: port.optional(),
  WAYBILL_METRICS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  EMULATOR_PORT: port.default(4566),
  NODE_OPTIONS: z.string().default(''),
} as const;

const environment = z.object(variables);

export type Environment = z.infer<typeof environment>;

/** The parsed variables, undefined if there is a fault; each fault names its variable, what was expected and what arrived. */
export function readVariables(raw: RawEnvironment): {
  readonly environment: Environment | undefined;
  readonly faults: readonly string[];
} {
  const { data, error } = environment.safeParse(raw);
  return { environment: data, faults: [...unknownNames(raw), ...(error ? faultsOf(error, raw) : [])] };
}

/** A misspelt setting must not silently leave its default in force. */
function unknownNames(env: RawEnvironment): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('WAYBILL_') && !(name in variables))
    .map((name) => `${name}: is not a setting of Waybill${advice(name)}`);
}

/** Few variables, such as `PORT`, are without the prefix that the others lead to expect. */
function advice(name: string): string {
  const withoutPrefix = name.slice('WAYBILL_'.length);
  return withoutPrefix in variables ? `; ${withoutPrefix} is` : '';
}

function faultsOf(error: z.ZodError, env: RawEnvironment): readonly string[] {
  const names = new Set(error.issues.map((issue) => String(issue.path[0])));
  return [...names].map((name) => `${name}: expected ${expected(name)}, received ${received(env[name])}`);
}

function expected(name: string): string {
  const variable = Object.entries(variables).find(([known]) => known === name)?.[1];
  return (variable && 'unwrap' in variable ? variable.unwrap().description : undefined) ?? 'another value';
}

function isPrivateUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname);
}

function isEndpoint(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

function originOf(value: string): string {
  return URL.canParse(value) ? new URL(value).origin : '';
}
