/** Creates the context of each operation, and of each event of a subscription. */
import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Clock } from '../base/clock.ts';
import { deadlineAfter, type Following } from '../base/deadline.ts';
import type { Authenticator } from '../identity/authenticator.ts';
import { type Caller, hasScope } from '../identity/caller.ts';
import { presentCaller, whenRightsEnd } from '../identity/revocation.ts';
import { createLoaders, type Loaders } from '../reads/loaders.ts';
import type { SharedReads } from '../reads/shared-reads.ts';
import type { Context, EventContext } from '../resolvers/context.ts';
import { StreamError } from '../watch/streams/stream-error.ts';

/** A query or mutation, or one event of a subscription, may take this long. */
const operationMs = 15_000;

export interface Shared extends Pick<Context, 'createOnce' | 'cursorKey' | 'services' | 'watcher' | 'whenRecorded'> {
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly reads: SharedReads;
}

/** What a transport knows of an operation before it runs. */
export interface TransportScope {
  readonly caller: Caller;
  readonly isSocket: boolean;
  /** Fires when the client no longer waits for the answer, and over a WebSocket also when the operation has ended. */
  readonly whenGone: AbortSignal;
  /** Over HTTP: whether the operation came by GET. */
  readonly isGet?: boolean;
  /** Over HTTP: why the answer to this request cannot be a stream. */
  readonly streamFault?: () => GraphQLError | undefined;
  /** Over HTTP. */
  readonly response?: ServerResponse | undefined;
  /** From the headers of the request. */
  readonly traceparent?: string | undefined;
  readonly lastEventId?: string | undefined;
}

const nothingReported: readonly GraphQLError[] = [];
const nothingNoted: readonly string[] = [];

/** Creates its parts on first use: most events of a subscription read nothing, and so need no deadline and no timer. */
abstract class ScopedContext implements EventContext {
  abstract readonly caller: Caller;
  protected abstract readonly shared: Shared;
  protected abstract readonly whenGone: AbortSignal;
  declare protected deadline?: Following;
  declare protected ownLoaders?: Loaders;
  declare protected ownReported?: GraphQLError[];
  declare protected ownNoted?: string[];
  declare protected hasBeenReplayed?: boolean;
  declare protected hasUntaggedKey?: boolean;

  get backends() {
    return this.shared.reads.backends;
  }

  get services() {
    return this.shared.services;
  }

  get watcher() {
    return this.shared.watcher;
  }

  get createOnce() {
    return this.shared.createOnce;
  }

  get cursorKey() {
    return this.shared.cursorKey;
  }

  get whenRecorded() {
    return this.shared.whenRecorded;
  }

  now(): number {
    return this.shared.clock.now();
  }

  get signal(): AbortSignal {
    this.deadline ??= deadlineAfter(operationMs, this.whenGone, this.shared.clock);
    return this.deadline.signal;
  }

  get loaders(): Loaders {
    const { backends, readDataExchangeJobs, catalog } = this.shared.reads;
    this.ownLoaders ??= createLoaders(backends, () => this.signal, readDataExchangeJobs, catalog);
    return this.ownLoaders;
  }

  release(): void {
    this.deadline?.release();
  }

  report(error: GraphQLError): void {
    this.ownReported ??= [];
    this.ownReported.push(error);
  }

  get reported(): readonly GraphQLError[] {
    return this.ownReported ?? nothingReported;
  }

  noteFailure(code: string): void {
    this.ownNoted ??= [];
    this.ownNoted.push(code);
  }

  get notedFailures(): readonly string[] {
    return this.ownNoted ?? nothingNoted;
  }

  markReplayed(): void {
    this.hasBeenReplayed = true;
  }

  get isReplayed(): boolean {
    return this.hasBeenReplayed ?? false;
  }

  markKeyNotTagged(): void {
    this.hasUntaggedKey = true;
  }

  get isKeyNotTagged(): boolean {
    return this.hasUntaggedKey ?? false;
  }
}

/**
 * The context of one operation, for every transport. Keeps the transport's own object, as a copy for each subscription
 * would cost memory.
 */
export class OperationContext extends ScopedContext implements Context {
  protected readonly shared: Shared;
  readonly #scope: TransportScope;

  constructor(shared: Shared, scope: TransportScope) {
    super();
    this.shared = shared;
    this.#scope = scope;
  }

  get caller(): Caller {
    return this.#scope.caller;
  }

  protected get whenGone(): AbortSignal {
    return this.#scope.whenGone;
  }

  get isSocket(): boolean {
    return this.#scope.isSocket;
  }

  get lastEventId(): string | undefined {
    return this.#scope.lastEventId;
  }

  callerNow(): Caller {
    const caller = presentCaller(this.shared.authenticator, this.caller);
    if (caller !== undefined && hasScope(caller, 'jobs:read')) return caller;
    throw new StreamError('FORBIDDEN', 'The caller may not watch jobs any more.');
  }

  whenRightsEnd(onEnd: () => void): () => void {
    const { authenticator, clock } = this.shared;
    return whenRightsEnd({ authenticator, caller: this.caller, clock, onEnd });
  }

  whenResponseEnds(onEnd: () => void): void {
    const { response } = this.#scope;
    if (response?.closed || response?.destroyed) onEnd();
    else response?.once('close', onEnd);
  }

  breakOff(): Promise<void> {
    return new Promise((resolve) => {
      this.whenResponseEnds(resolve);
      // What was written is still sent.
      this.#scope.response?.socket?.destroySoon();
    });
  }

  forEvent(caller: Caller): EventContext {
    return new OneEventContext(this.shared, caller);
  }
}

class OneEventContext extends ScopedContext {
  readonly caller: Caller;
  protected readonly shared: Shared;
  /** Not the signal of a single reader: the readers of an event come and go, and its result is for all of them. */
  protected readonly whenGone = neverAborted;

  constructor(shared: Shared, caller: Caller) {
    super();
    this.shared = shared;
    this.caller = caller;
  }
}

const neverAborted = new AbortController().signal;
