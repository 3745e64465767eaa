/** Creates that happen once, whatever becomes of the connection and of the page. */
import { codeOf, type ErrorLike, isPassing, retryAfterMs } from './endings.ts';
import type { CursorStorage } from './operation.ts';
import { backoffMs } from './timing.ts';

export interface CreateOnceOptions {
  /** Where the idempotency key outlives the page. `sessionStorage`, if there is one. */
  readonly storage?: CursorStorage;
  /** Ends the waiting, such as when the form is closed. The key is kept: the next call with the same name goes on. */
  readonly signal?: AbortSignal;
}

/**
 * Calls `send` with an idempotency key until the outcome is known, and returns what it then returns, or throws what it
 * then throws. `name` names what the user is doing, such as `new-export`: the key is kept below it until the outcome is
 * known, so the same form after a reload asks for the same job. `send` runs the mutation by any library.
 *
 * It waits for as long as the gateway says after `OUTCOME_UNKNOWN` with `retryAfterMs`, and after errors that pass;
 * without an answer, such as without a network, up to 30 s between attempts.
 */
export async function createOnce<Result>(
  name: string,
  send: (idempotencyKey: string) => Promise<Result>,
  options: CreateOnceOptions = {},
): Promise<Result> {
  const storage = options.storage ?? globalThis.sessionStorage;
  const storageKey = `waybill:create:${name}`;
  const idempotencyKey = storage?.getItem(storageKey) ?? newKey();
  storage?.setItem(storageKey, idempotencyKey);
  for (let failures = 0; ; failures += 1) {
    options.signal?.throwIfAborted();
    const outcome = await settled(send(idempotencyKey));
    const waitMs = waitAfter(outcome, failures);
    if (waitMs === undefined) {
      storage?.removeItem(storageKey);
      return unwrapped(outcome);
    }
    await pause(waitMs, options.signal);
  }
}

interface Outcome<Result> {
  readonly result?: Result;
  readonly thrown?: { readonly error: unknown };
}

async function settled<Result>(sent: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await sent };
  } catch (error) {
    return { thrown: { error } };
  }
}

function unwrapped<Result>({ result, thrown }: Outcome<Result>): Result {
  if (thrown !== undefined) throw thrown.error;
  return result as Result;
}

/** How long to wait before the same key is sent again; undefined once the outcome is known, or never will be. */
function waitAfter({ result, thrown }: Outcome<unknown>, failures: number): number | undefined {
  const errors = errorsIn(thrown === undefined ? result : thrown.error);
  const [error] = errors ?? [];
  if (error === undefined) return thrown === undefined ? undefined : backoffMs(failures);
  const unknownForNow = codeOf(error) === 'OUTCOME_UNKNOWN' && retryAfterMs(error) > 0;
  const isUnderWay = codeOf(error) === 'IDEMPOTENCY_IN_PROGRESS';
  if (!unknownForNow && !isUnderWay && !isPassing(error)) return undefined;
  return Math.max(retryAfterMs(error), backoffMs(failures));
}

/**
 * The GraphQL errors of a result or of a thrown error: `errors` of a response and of Apollo Client 4, `graphQLErrors` of
 * Apollo Client 3 and of urql's `error`, `source.errors` of Relay.
 */
function errorsIn(value: unknown): readonly ErrorLike[] | undefined {
  const { errors, graphQLErrors, error, source } = (value ?? {}) as Readonly<Record<string, unknown>>;
  for (const list of [errors, graphQLErrors]) if (Array.isArray(list) && list.length > 0) return list;
  const inner = error ?? source;
  return inner === undefined || inner === null ? undefined : errorsIn(inner);
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}
