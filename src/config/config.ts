/** Reads the configuration from the environment: a frozen `Config`, or all faults at once. */

import { isLoopback } from '../base/loopback.ts';
import type { Auth } from '../identity/create-authenticator.ts';
import type { OperationLimits } from '../limits/operation-limits.ts';
import { ConfigError } from './config-error.ts';
import { contradictions } from './contradictions.ts';
import { type Environment, type RawEnvironment, readVariables } from './variables.ts';

/** The limits of one operation that can be set. */
export type OperationSettings = Pick<
  OperationLimits,
  'aliases' | 'cost' | 'depth' | 'directives' | 'nodes' | 'rootFields' | 'tokens'
>;

/** The limits of one caller or one connection. Infinite without authentication, unless set. */
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
  /** The endpoint of each service, for `aws`; undefined for AWS's own. */
  readonly endpoints: { readonly dataExchange: string | undefined; readonly importExport: string | undefined };
  readonly importExportSignature: 'v2' | 'v4';
  readonly auth: Auth;
  /** Exact origins, beside the gateway's own, whose pages may use it. */
  readonly allowedOrigins: readonly string[];
  /** Addresses and networks of the proxies whose `X-Forwarded-For` names the client. */
  readonly trustedProxies: readonly string[];
  /** Whether queries by GET are accepted. */
  readonly takesGet: boolean;
  /** Whether the board is served, if it is built. */
  readonly board: boolean;
  /** Whether a browser gets GraphiQL at the endpoint. */
  readonly graphiql: boolean;
  /** Who may introspect: everyone, or callers with the scope `schema:read`. */
  readonly introspection: 'everyone' | 'scope';
  /** Whether the gateway is a subgraph of a federated graph as well. */
  readonly federation: boolean;
  /** The file of trusted documents; undefined to run any document. */
  readonly trustedDocuments: string | undefined;
  readonly maxBodyBytes: number;
  readonly maxMessageBytes: number;
  readonly operation: OperationSettings;
  readonly caller: CallerSettings;
  readonly poll: { readonly minMs: number; readonly maxMs: number };
  readonly pollsPerSecond: { readonly dataExchange: number; readonly importExport: number };
  /** The folder of the store. */
  readonly dataDir: string;
  /** The Redis that several gateways share in place of `dataDir`; undefined for a single gateway. */
  readonly redisUrl: string | undefined;
  /** The number of replicas that have to confirm the record of a create; undefined for one if Redis has any. */
  readonly redisReplicas: number | undefined;
  /** The port of the metrics; undefined for none. */
  readonly metricsPort: number | undefined;
  /** The address of that port. */
  readonly metricsHost: string;
  /** The OTLP/HTTP endpoint for traces; undefined for none. */
  readonly tracesEndpoint: string | undefined;
  readonly emulator: {
    readonly stepMs: number;
    readonly port: number;
    /** The seed of the emulator's variety; undefined for none. */
    readonly variety: string | undefined;
  };
  /** Node's own variable: how much memory it gives to the heap. */
  readonly nodeOptions: string;
  /** The lowest level that is logged. */
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

/** An empty value counts as absent, as for the AWS SDK. */
export function withoutEmpty(env: RawEnvironment): RawEnvironment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
}

/** Throws `ConfigError` with every fault of `env`. */
export function configFrom(env: RawEnvironment): Config {
  const raw = withoutEmpty(env);
  const { environment, faults } = readVariables(raw);
  const all = [...faults, ...contradictions(raw)];
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
    trustedProxies: env.WAYBILL_TRUSTED_PROXIES,
    takesGet: env.WAYBILL_GET === 'on',
    board: boardOf(env),
    graphiql: env.WAYBILL_GRAPHIQL === undefined ? isLoopback(env.HOST) : env.WAYBILL_GRAPHIQL === 'on',
    introspection: env.WAYBILL_INTROSPECTION,
    federation: env.WAYBILL_FEDERATION === 'on',
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
    redisReplicas: env.WAYBILL_REDIS_REPLICAS,
    metricsPort: env.WAYBILL_METRICS_PORT,
    metricsHost: env.WAYBILL_METRICS_HOST,
    tracesEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    emulator: {
      stepMs: env.WAYBILL_EMULATOR_STEP_MS,
      port: env.EMULATOR_PORT,
      variety: env.WAYBILL_EMULATOR_VARIETY,
    },
    nodeOptions: env.NODE_OPTIONS,
    logLevel: env.WAYBILL_LOG_LEVEL,
  };
}

/** The board's documents are not in anybody's file, and a gateway of trusted documents would refuse them all. */
function boardOf({ WAYBILL_BOARD, WAYBILL_TRUSTED_DOCUMENTS, HOST }: Environment): boolean {
  if (WAYBILL_BOARD !== undefined) return WAYBILL_BOARD === 'on';
  return isLoopback(HOST) && WAYBILL_TRUSTED_DOCUMENTS === undefined;
}

/** `contradictions` has checked that the members are present. */
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

/** Without authentication all programs on the machine are one caller, and a limit would let one program lock out the others. */
function callerSettingsOf(env: Environment): CallerSettings {
  const unlessOpen = (known: number): number => (env.WAYBILL_AUTH === 'none' ? Number.POSITIVE_INFINITY : known);
  return {
    costPerMinute: env.WAYBILL_MAX_COST_PER_MINUTE ?? unlessOpen(10_000),
    sockets: env.WAYBILL_MAX_SOCKETS_PER_CALLER ?? unlessOpen(20),
    operationsPerSocket: env.WAYBILL_MAX_OPERATIONS_PER_SOCKET,
    messagesPerSecond: env.WAYBILL_MAX_MESSAGES_PER_SECOND ?? unlessOpen(5),
    connections: env.WAYBILL_MAX_CONNECTIONS ?? unlessOpen(5_000),
  };
}
