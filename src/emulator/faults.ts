/** Scripts faults: which responses fail, and how. */
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { pause, untilAborted } from './abort.ts';
import { type Answer, connectionReset, responseFrom } from './answer.ts';

const faultForm = z
  .strictObject({
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).refine(areHeaders, 'must be headers that HTTP can carry'),
    body: z.string(),
    /** The error name in place of the usual one for `status`. */
    awsCode: z.string().min(1),
    delayMs: z.int().min(0),
    reset: z.boolean(),
    truncateAt: z.int().min(0),
    never: z.boolean(),
    /** Whether the operation takes effect although its response is lost. */
    afterCommit: z.boolean(),
    /** Whether only calls that give tags fail, as in an account whose policy refuses them. */
    onlyTagged: z.boolean(),
  })
  .partial()
  .refine(({ status, awsCode }) => awsCode === undefined || status !== undefined, {
    path: ['awsCode'],
    error: 'names the error of a status, which is missing',
  });

export type Fault = z.infer<typeof faultForm>;

export interface ScriptedFault {
  readonly operation: string;
  readonly times: number;
  readonly fault: Fault;
}

/** The body of `POST /_emulator/faults`: `operation` is one of `operations`, `Service.*`, or `*`. */
export function scriptedFaultForm(operations: readonly string[]): z.ZodType<ScriptedFault> {
  const services = new Set(operations.map((operation) => `${operation.split('.')[0]}.*`));
  return z.strictObject({
    operation: z.enum(['*', ...services, ...operations]),
    times: z.int().min(1).default(1),
    fault: faultForm,
  });
}

/** The pending faults. */
export class FaultScript {
  #pending: readonly ScriptedFault[] = [];

  add(fault: ScriptedFault): void {
    this.#pending = [...this.#pending, fault];
  }

  pending(): readonly ScriptedFault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** Takes one of the `times` of the first fault for a call of `operation`, which gives tags or does not. */
  take(operation: string, givesTags: () => boolean): Fault | undefined {
    const taken = this.#pending.find(
      (scripted) => matches(scripted.operation, operation) && (!scripted.fault.onlyTagged || givesTags()),
    );
    if (taken === undefined) return undefined;
    const left = taken.times > 1 ? [{ ...taken, times: taken.times - 1 }] : [];
    this.#pending = this.#pending.flatMap((scripted) => (scripted === taken ? left : [scripted]));
    return taken.fault;
  }
}

export interface FaultyCall {
  readonly fault: Fault;
  readonly request: Request;
  readonly clock: Clock;
  /** Performs the operation. */
  readonly commit: () => Answer;
  readonly errorAnswer: (status: number, awsCode?: string) => Answer;
}

/**
 * Responds as the fault says, without a socket: a reset rejects with ECONNRESET, a truncated body is a stream that
 * fails, and `never` waits until the request is aborted.
 */
export async function answerFaultily({ fault, request, clock, commit, errorAnswer }: FaultyCall): Promise<Response> {
  const committed = fault.afterCommit ? commit() : undefined;
  if (fault.delayMs !== undefined) await pause(clock, fault.delayMs, request.signal);
  if (fault.never) return untilAborted(request);
  if (fault.reset) throw connectionReset();
  const answer = statusAnswer(fault, errorAnswer) ?? committed ?? commit();
  return responseFrom(altered(answer, fault), fault.truncateAt);
}

function statusAnswer({ status, awsCode }: Fault, errorAnswer: FaultyCall['errorAnswer']): Answer | undefined {
  if (status === undefined) return undefined;
  return status < 400 ? { status, headers: {}, body: '' } : errorAnswer(status, awsCode);
}

function altered(answer: Answer, fault: Fault): Answer {
  const headers = Object.entries(fault.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: answer.status,
    headers: { ...answer.headers, ...Object.fromEntries(headers) },
    body: fault.body ?? answer.body,
  };
}

function matches(pattern: string, operation: string): boolean {
  return (
    pattern === '*' || pattern === operation || (pattern.endsWith('.*') && operation.startsWith(pattern.slice(0, -1)))
  );
}

function areHeaders(headers: Record<string, string>): boolean {
  try {
    return Boolean(new Headers(headers));
  } catch {
    return false;
  }
}
