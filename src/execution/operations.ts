/** Assembles the parts that run operations for every transport. */

import type { GraphQLError } from 'graphql';
import type { Redis } from 'ioredis';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { CreateOnce } from '../creates/create-once.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import type { Caller } from '../identity/caller.ts';
import type { AddressOf } from '../identity/client-address.ts';
import { defaultOperationLimits } from '../limits/operation-limits.ts';
import { type ConnectionThrottle, defaultRateLimit, RateLimit, rateLimited } from '../limits/rate-limit.ts';
import type { OnRefusal } from '../limits/refusal.ts';
import type { TrustedDocuments } from '../limits/trusted-documents.ts';
import { unexpected } from '../log/unexpected.ts';
import type { SharedReads } from '../reads/shared-reads.ts';
import type { Context } from '../resolvers/context.ts';
import { subgraphSchema } from '../schema/federation.ts';
import { schema } from '../schema/index.ts';
import type { InTrace } from '../telemetry/tracing.ts';
import type { Watcher } from '../watch/watcher.ts';
import { createMaskError } from './error-mask.ts';
import { type IdentifyCaller, identifyBy } from './http-caller.ts';
import type { OperationLog } from './operation-log.ts';
import type { MaskError } from './operation-result.ts';
import { OperationRunner } from './operation-runner.ts';
import { SchemaDocument } from './schema-document.ts';
import type { OnEvent } from './shared-execution.ts';
import { createHttpYoga, type Yoga } from './yoga.ts';

export interface OperationsOptions {
  readonly config: Config;
  /** Writes one line about an unexpected error. */
  readonly log: (line: string) => void;
  readonly clock: Clock;
  readonly reads: SharedReads;
  readonly services: Context['services'];
  readonly watcher: Watcher;
  readonly createOnce: CreateOnce;
  /** Resolves once the states that answers have shown so far are in the log, or could not be written. */
  readonly whenRecorded: () => Promise<void>;
  /** Signs the cursors of lists. */
  readonly cursorKey: Uint8Array;
  readonly authenticator: Authenticator;
  readonly throttle: ConnectionThrottle;
  readonly addressOf: AddressOf;
  /**
   * With it the gateways that share it count the points of their callers together; without it each counts for itself.
   */
  readonly redis: Redis | undefined;
  readonly trustedDocuments: TrustedDocuments | undefined;
  /** Absent if events are not counted. */
  readonly onEvent: OnEvent | undefined;
  /** Absent if refusals are not counted. */
  readonly onRefusal: OnRefusal | undefined;
  /** Absent without tracing. */
  readonly inTrace: InTrace | undefined;
  /** Absent if operations are not logged. */
  readonly operationLog: OperationLog | undefined;
}

export interface Operations {
  readonly runner: OperationRunner;
  /** Identifies the caller of a request over HTTP. */
  readonly identify: IdentifyCaller;
  readonly mask: MaskError;
  readonly yoga: Yoga;
  readonly schemaDocument: SchemaDocument;
}

export function createOperations(options: OperationsOptions): Operations {
  const { config, log, operationLog, trustedDocuments, onEvent, inTrace } = options;
  const budget = budgetFrom(options);
  const mask = createMaskError((error) => log(unexpected(error)));
  const isIntrospectionScoped = config.introspection === 'scope';
  const runner = new OperationRunner({
    schema: config.federation ? subgraphSchema() : schema,
    shared: options,
    limits: { ...defaultOperationLimits, ...config.operation },
    isIntrospectionScoped,
    trustedDocuments,
    charge: budget && chargeTo(budget),
    mask,
    onEvent,
    inTrace,
  });
  const identify = identifyBy({
    ...options,
    budget,
    onRateLimited: (caller) => operationLog?.refused(caller, 'RATE_LIMITED'),
  });
  const yoga = createHttpYoga({ config, identify, runner, mask, operationLog });
  return { runner, identify, mask, yoga, schemaDocument: new SchemaDocument(isIntrospectionScoped) };
}

/** Undefined if points are not limited. */
function budgetFrom({ config, clock, redis }: OperationsOptions): RateLimit | undefined {
  const { costPerMinute: points } = config.caller;
  return Number.isFinite(points) ? new RateLimit({ ...defaultRateLimit, points }, clock.monotonicMs, redis) : undefined;
}

function chargeTo(budget: RateLimit) {
  return async ({ id }: Caller, cost: number): Promise<GraphQLError | undefined> => {
    const verdict = await budget.charge(id, cost);
    return verdict && rateLimited(verdict);
  };
}
