/** Counts the outcomes of the requests of a soak, in plain values that can be sent to another process. */
import { percentile } from '../harness/metrics.ts';
import type { Outcome } from './outcome.ts';
import type { PlannedRequest } from './request-mix.ts';

/** `rehearsal` is not measured; in `calm` no fault is injected. */
export type Phase = 'rehearsal' | 'faults' | 'calm';

export interface RequestReport {
  readonly sent: number;
  /** From the first request to the last that was due. */
  readonly sendingMs: number;
  readonly heldBack: number;
  readonly pending: number;
  /** Answered after `overdueMs`, or never. */
  readonly overdue: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Outcomes that are faults of the gateway, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly wronglyAnswered: number;
  readonly internal: number;
  readonly unanswered: number;
  readonly calmRefusals: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly calmP50Ms: number | null;
  readonly calmP99Ms: number | null;
}

export const overdueMs = 15_500;

export class RequestFigures {
  readonly #latencies: number[] = [];
  readonly #calmLatencies: number[] = [];
  readonly #outcomes: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #calmRefusals: Record<string, number> = {};
  readonly #startedAt = performance.now();
  #stoppedAt: number | undefined;
  #sent = 0;
  #pending = 0;
  #heldBack = 0;
  #overdue = 0;
  #wronglyAnswered = 0;
  #internal = 0;
  #unanswered = 0;

  get pending(): number {
    return this.#pending;
  }

  begin(): void {
    this.#sent += 1;
    this.#pending += 1;
  }

  /** Counts a due request that was not sent: too many were under way, or this process was blocked. */
  holdBack(): void {
    this.#heldBack += 1;
  }

  answered(request: PlannedRequest, outcome: Outcome, tookMs: number, phase: Phase): void {
    this.#end(tookMs, phase);
    const text = request.isInvalid ? `invalid: ${outcome.text}` : outcome.text;
    add(this.#outcomes, text);
    if (tookMs > overdueMs) add(this.#faults, `${request.kind}: ${text} after ${overdueMs / 1_000} s`);
    if (request.isInvalid && !outcome.isRefused) this.#wronglyAnswered += 1;
    if (outcome.isInternal) this.#internal += 1;
    if (outcome.isInternal || (request.isInvalid && !outcome.isRefused)) add(this.#faults, `${request.kind}: ${text}`);
    if (phase === 'calm' && outcome.isRefused && !request.isInvalid && !outcome.text.startsWith('user error'))
      add(this.#calmRefusals, `in the calm, ${request.kind}: ${text}`);
  }

  unanswered(request: PlannedRequest, error: unknown, tookMs: number, phase: Phase): void {
    this.#end(tookMs, phase);
    this.#unanswered += 1;
    add(this.#outcomes, 'no answer');
    add(this.#faults, `${request.kind}: no answer: ${error}`);
  }

  /** No further request is due. */
  stop(): void {
    this.#stoppedAt = performance.now();
  }

  report(): RequestReport {
    return {
      sent: this.#sent,
      sendingMs: (this.#stoppedAt ?? performance.now()) - this.#startedAt,
      heldBack: this.#heldBack,
      pending: this.#pending,
      overdue: this.#overdue,
      outcomes: this.#outcomes,
      faults: this.#faults,
      wronglyAnswered: this.#wronglyAnswered,
      internal: this.#internal,
      unanswered: this.#unanswered,
      calmRefusals: this.#calmRefusals,
      slowestMs: this.#latencies.reduce((most, each) => Math.max(most, each), 0),
      p50Ms: percentile(this.#latencies, 0.5),
      p99Ms: percentile(this.#latencies, 0.99),
      calmP50Ms: percentile(this.#calmLatencies, 0.5),
      calmP99Ms: percentile(this.#calmLatencies, 0.99),
    };
  }

  #end(tookMs: number, phase: Phase): void {
    this.#pending -= 1;
    this.#latencies.push(tookMs);
    if (phase === 'calm') this.#calmLatencies.push(tookMs);
    if (tookMs > overdueMs) this.#overdue += 1;
  }
}

function add(counts: Record<string, number>, text: string): void {
  counts[text] = (counts[text] ?? 0) + 1;
}
