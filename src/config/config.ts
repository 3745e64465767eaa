/** The environment in; a frozen `Config`, or every fault at once, out. */

import { isLoopback } from '../base/loopback.ts';
import { contradictions } from './contradictions.ts';
import { type Environment, type Given, readVariables } from './variables.ts';

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
  readonly emulator: {
    readonly stepMs: number;
    readonly port: number;
    /** The seed by which its answers vary; absent: they do not. */
    readonly variety: string | undefined;
  };
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

/** Throws `ConfigError` with every fault of `env`. An empty value counts as none, as it does for the AWS SDK. */
export function configFrom(env: Given): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const { environment, faults } = readVariables(given);
  const all = [...faults, ...contradictions(given)];
  if (all.length > 0 || environment === undefined) throw new ConfigError(all);
  return Object.freeze(configOf(environment));
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
    maxMessageBytes: env.WAYBILL_MAX_MESSAGE_BYTES ?? env.WAYBILL_MAX_BODY_BYTES,
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
    emulator: {
      stepMs: env.WAYBILL_EMULATOR_STEP_MS,
      port: env.EMULATOR_PORT,
      variety: env.WAYBILL_EMULATOR_VARIETY,
    },
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
