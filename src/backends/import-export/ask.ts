/** How an operation gets its result: by one exchange, or by a few where a repeat does no harm. */
import type { z } from 'zod';
import type { CallTime } from '../calls/attempt.ts';
import type { CallObserver } from '../calls/observer.ts';
import { createRepeat } from '../calls/retry.ts';
import { signedTwiceAtMost } from '../calls/second-signature.ts';
import { type Call, type ExchangeOptions, exchange } from './exchange.ts';
import { resultOf } from './reply.ts';

/** Makes `call` within `time` and gives its result. Throws `BackendError` or the reason of the caller's signal. */
export type Ask = <T>(call: Call, result: z.ZodType<T>, time: CallTime) => Promise<T>;

export interface AskerOptions extends ExchangeOptions {
  readonly observer?: CallObserver | undefined;
}

export function asker(options: AskerOptions): Ask {
  const repeat = createRepeat(options.clock, () => options.observer?.onRetry?.({ service: 'IMPORT_EXPORT' }));
  return (call, result, time) => {
    const attempt = () =>
      signedTwiceAtMost(
        (amendment) => exchange(call, time, options, amendment),
        (reply) => resultOf(reply, call, result),
      );
    return call.effect === 'nothing' ? repeat(time, attempt) : attempt();
  };
}
