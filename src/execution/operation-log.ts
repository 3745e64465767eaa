/** Records each operation, to find out what is slow or fails, without its document, its variables and its result. */
import type { Clock } from '../base/clock.ts';
import { shortDigest } from '../base/short-digest.ts';
import type { Caller } from '../identity/caller.ts';
import type { OperationRecord } from '../log/operation-record.ts';
import type { DocumentPlan, OperationPlan } from './document-plan.ts';
import { LiveResults } from './live-results.ts';

/** The facts of an operation, added as they become known. */
export interface Observed {
  readonly startedAt: number;
  /** Only the text of a document without a plan: a subscription must not keep its text for as long as it lasts. */
  query?: string;
  operationName?: string | undefined;
  plan?: DocumentPlan;
  operation?: OperationPlan;
  cost?: number;
  /** The codes of failures that the response shows as data, such as those of `userErrors`. */
  notedFailures?: readonly string[];
  caller?: Caller;
}

type Result = { readonly errors?: readonly { readonly extensions?: object }[] };

/** Calls `record` once for each operation, when it has ended. */
export class OperationLog {
  readonly #monotonicMs: () => number;
  readonly #record: (record: OperationRecord) => void;

  constructor(clock: Pick<Clock, 'monotonicMs'>, record: (record: OperationRecord) => void) {
    this.#monotonicMs = clock.monotonicMs;
    this.#record = record;
  }

  begin(): Observed {
    return { startedAt: this.#monotonicMs() };
  }

  /** Records a request that was refused with `code` before its body was read. */
  refused(caller: Caller, code: string): void {
    this.#end({ ...this.begin(), caller }, new Set([code]), 'http');
  }

  /** Records the operation immediately, or when its stream has ended. */
  observe(observed: Observed, result: unknown, isSocket: boolean): void {
    const codes = new Set<string>();
    if (!(result instanceof LiveResults)) {
      noteCodes(codes, ((result ?? {}) as Result).errors, observed.notedFailures);
      this.#end(observed, codes, isSocket ? 'websocket' : 'http');
      return;
    }
    let events = 0;
    result.observe({
      onResult: (errors) => {
        events += 1;
        noteCodes(codes, errors);
      },
      onEnd: () => this.#end(observed, codes, isSocket ? 'websocket' : 'sse', events),
    });
  }

  /** One literal: with spreads, each record would get a hidden class of its own on Node 20. */
  #end(observed: Observed, codes: ReadonlySet<string>, transport: OperationRecord['transport'], events?: number): void {
    const { startedAt, query, plan, caller, cost, operation } = observed;
    this.#record({
      transport,
      events,
      operation: nameOf(observed),
      kind: operation?.node.operation,
      durationMs: Math.max(0, Math.round(this.#monotonicMs() - startedAt)),
      codes: [...codes],
      document: plan?.digest ?? (query === undefined ? undefined : shortDigest(query)),
      cost,
      caller: caller && callerDigest(caller),
    });
  }
}

const namePattern = /^[_A-Za-z][_0-9A-Za-z]{0,63}$/;

function nameOf({ operation, operationName }: Observed): string | undefined {
  const name = operationName ?? operation?.node.name?.value;
  return name !== undefined && namePattern.test(name) ? name : undefined;
}

/** Codes come from this program; the pattern keeps any other text out of the log. */
const codePattern = /^[A-Z][A-Z_]{1,49}$/;

const maxCodes = 8;

function noteCodes(codes: Set<string>, errors: Result['errors'], notedFailures: readonly string[] = []): void {
  const all = [...(errors ?? []).map(({ extensions }) => codeIn(extensions)), ...notedFailures.map(codeFrom)];
  for (const code of all) if (codes.size < maxCodes) codes.add(code ?? 'UNCODED');
}

function codeIn(value: unknown): string | undefined {
  return codeFrom(typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined);
}

function codeFrom(code: unknown): string | undefined {
  return typeof code === 'string' && codePattern.test(code) ? code : undefined;
}

/** An authenticator returns the same object for a caller as long as their rights stay the same. */
const callerDigests = new WeakMap<Caller, string>();

function callerDigest(caller: Caller): string {
  const known = callerDigests.get(caller) ?? shortDigest(caller.id);
  callerDigests.set(caller, known);
  return known;
}
