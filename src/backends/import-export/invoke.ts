/** Invokes an operation: sends one call and reads the reply by a schema. */
import type { z } from 'zod';
import type { CallTime } from '../calls/attempt.ts';
import type { Send } from '../calls/send.ts';
import type { Call } from './codec.ts';
import { resultOf } from './reply.ts';

/** Makes `call` within `time` and returns its result. Throws `BackendError` or the reason of the caller's signal. */
export type Invoke = <T>(call: Call, result: z.ZodType<T>, time: CallTime) => Promise<T>;

export function createInvoke(send: Send<Call>): Invoke {
  return (call, result, time) => send(call, time, (reply) => resultOf(reply, call, result));
}
