/** What the end of a connection or of a subscription means: whether to come back, and when. */

/** The members of an error of the gateway that clients decide by. */
export interface ErrorLike {
  readonly message?: string;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The codes of `graphql-transport-ws` and of RFC 6455 after which the same messages would end in the same way: the
 * client and the gateway do not understand each other.
 */
const finalCloseCodes = [1002, 1003, 1007, 1009, 1010, 4004, 4400, 4406, 4409, 4429];

const busyCodes: readonly unknown[] = [
  'SLOW_CONSUMER',
  'SHUTTING_DOWN',
  'OVERLOADED',
  'RATE_LIMITED',
  'TOO_MANY_OPERATIONS',
];

const refusals: readonly unknown[] = ['FORBIDDEN', 'UNAUTHENTICATED'];

export function closeCodeOf(closing: unknown): number {
  return (closing as { code?: number } | undefined)?.code ?? 1006;
}

export function isFinalClose(code: number): boolean {
  return finalCloseCodes.includes(code);
}

/** 4403 after a token has expired, 4401 before `connection_init`: the next connection has another token. */
export function isRefusedClose(code: number): boolean {
  return code === 4401 || code === 4403;
}

export function codeOf(error: ErrorLike | undefined): unknown {
  return error?.extensions?.['code'];
}

/** Whether the gateway had no room for the operation at that moment. */
export function isBusy(error: ErrorLike): boolean {
  return busyCodes.includes(codeOf(error));
}

/** Whether the same operation may go well a moment later. */
export function isPassing(error: ErrorLike): boolean {
  return isBusy(error) || error.extensions?.['retryable'] === true;
}

/** Whether the caller was refused, so that another token may help. */
export function isRefusal(error: ErrorLike | undefined): boolean {
  return refusals.includes(codeOf(error));
}

/** How long the gateway asks to wait, in milliseconds; 0 if it does not say. */
export function retryAfterMs(error: ErrorLike | undefined): number {
  const value = error?.extensions?.['retryAfterMs'];
  return typeof value === 'number' && value > 0 ? value : 0;
}
