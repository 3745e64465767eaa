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
 * without an answer, such as without a network, up to 30 s between attempts. A refusal is thrown, and so is an
 * `AbortError`; but neither says whether an earlier attempt made the job, so the key is kept.
 */
export async function createOnce<Result>(
  name: string,
  send: (idempotencyKey: string) => Promise<Result>,
  options: CreateOnceOptions = {},
): Promise<Result> {
  const { signal, storage = pageStorage() } = options;
  const storageKey = `waybill:create:${name}`;
  const idempotencyKey = storage?.getItem(storageKey) ?? newKey();
  storage?.setItem(storageKey, idempotencyKey);
  for (let failures = 0; ; failures += 1) {
    signal?.throwIfAborted();
    const outcome = await settled(send(idempotencyKey));
    if (!mayPass(outcome)) {
      if (isKnown(outcome)) storage?.removeItem(storageKey);
      if (outcome.thrown) throw outcome.thrown.error;
      return outcome.result as Result;
    }
    await pause(Math.max(retryAfterMs(outcome.errors?.[0]), backoffMs(failures)), signal);
  }
}

interface Outcome<Result> {
  readonly result?: Result;
  readonly thrown?: { readonly error: unknown };
  /** The GraphQL errors; empty if there was no answer of the gateway. Undefined without an error. */
  readonly errors: readonly ErrorLike[] | undefined;
}

async function settled<Result>(sent: Promise<Result>): Promise<Outcome<Result>> {
  try {
    const result = await sent;
    return { result, errors: errorsIn(result) };
  } catch (error) {
    return { thrown: { error }, errors: errorsOf(error) };
  }
}

/** Whether the same key should be sent again. `OUTCOME_UNKNOWN` is retryable while it may become known. */
function mayPass({ result, thrown, errors }: Outcome<unknown>): boolean {
  const [error] = errors ?? [];
  if (error !== undefined) return isPassing(error);
  return errors !== undefined && !isFinal(thrown ? thrown.error : membersOf(result)['error']);
}

/** An outcome that nobody will ever know counts as well: its user has to look, and to begin anew. */
function isKnown({ errors }: Outcome<unknown>): boolean {
  return errors === undefined || codeOf(errors[0]) === 'OUTCOME_UNKNOWN';
}

/** Whoever aborts knows why; and a proxy that refuses the request will refuse it again. */
function isFinal(error: unknown): boolean {
  const { name, networkError, response, statusCode } = membersOf(error);
  const isRefused = /^4(?!08|29)/.test(String(statusCode ?? membersOf(response)['status']));
  return name === 'AbortError' || isRefused || (networkError !== undefined && isFinal(networkError));
}

/** `errors` of a response, and `error` of the results of Apollo Client and urql. */
function errorsIn(result: unknown): readonly ErrorLike[] | undefined {
  const { data, error } = membersOf(result);
  // What a payload leaves out for an error is no reason to ask for the job again.
  if (Object.values(membersOf(data)).some((payload) => payload !== null)) return undefined;
  return listIn(result) ?? (error ? errorsOf(error) : undefined);
}

/**
 * `errors` of Apollo Client 4, `graphQLErrors` of Apollo Client 3 and urql, `source.errors` of Relay, and those in the
 * body of a response that Apollo Client 3 takes for a failure of the network.
 */
function errorsOf(error: unknown): readonly ErrorLike[] {
  const { networkError, result, source } = membersOf(error);
  const inner = networkError ?? source ?? result;
  return listIn(error) ?? (inner ? errorsOf(inner) : []);
}

function listIn(value: unknown): readonly ErrorLike[] | undefined {
  const { errors, graphQLErrors } = membersOf(value);
  return [errors, graphQLErrors].find((list) => Array.isArray(list) && list.length > 0) as ErrorLike[] | undefined;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value);
}

/** `randomUUID` is missing where a page is served without TLS. */
function newKey(): string {
  return crypto.getRandomValues(new BigUint64Array(3)).join('-');
}

/** A browser that stores nothing for the site throws where the storage is read. */
function pageStorage(): CursorStorage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Ends early if `signal` is aborted. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, signal?.aborted ? 0 : ms);
    signal?.addEventListener('abort', end);
  });
}
