/** Sends a call: a write once, a read with retries. */
import type { CallTime } from './attempt.ts';
import { type CredentialsProvider, createCredentialsSource } from './credentials.ts';
import { type Codec, createExchange, type Reply } from './exchange.ts';
import { Guard, type GuardOptions } from './guard.ts';
import { createRetry } from './retry.ts';
import { signedTwiceAtMost } from './second-signature.ts';
import type { Transport } from './transport.ts';

export interface SendOptions<Call> extends Omit<GuardOptions, 'attemptTimeoutMs'> {
  readonly transport: Transport;
  /** Called for every request. */
  readonly credentials: CredentialsProvider;
  /** For one request, from the credentials to the last byte of the reply. 3,000 where absent. */
  readonly attemptTimeoutMs?: number | undefined;
  readonly codec: Codec<Call>;
}

/** Sends `call` within `time` and returns the reply as `read` reads it. Throws what the exchange or `read` throws. */
export type Send<Call> = <Answer>(call: Call, time: CallTime, read: (reply: Reply) => Answer) => Promise<Answer>;

/** For one service, for all calls with the same credentials. */
export function createSend<Call>(options: SendOptions<Call>): Send<Call> {
  const { service, clock, transport, codec, observer, attemptTimeoutMs = 3_000 } = options;
  const guard = new Guard({ service, clock, attemptTimeoutMs, observer });
  const credentials = createCredentialsSource(options.credentials, clock);
  const exchange = createExchange({ clock, guard, credentials, transport, codec });
  const retry = createRetry(clock, () => observer?.onRetry?.({ service }));
  return (call, time, read) => {
    const attempt = () => signedTwiceAtMost((amendment) => exchange(call, time, amendment), read);
    return codec.requestOf(call).effect === 'read' ? retry(time, attempt) : attempt();
  };
}
