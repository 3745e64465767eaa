/** How an operation gets its result: one exchange, read by the operation's schema. */
import type { z } from 'zod';
import { type Call, type ExchangeOptions, exchange } from './exchange.ts';
import { resultOf } from './reply.ts';

/** Makes `call` and gives its result; `signal` is the caller's. Throws `BackendError` or the reason of `signal`. */
export type Ask = <T>(call: Call, result: z.ZodType<T>, signal: AbortSignal) => Promise<T>;

/** Each call is sent once. A layer that repeats reads wraps the function that this gives. */
export function asker(options: ExchangeOptions): Ask {
  return async (call, result, signal) => resultOf(await exchange(call, signal, options), call, result);
}
