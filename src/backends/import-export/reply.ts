/** Reads a reply: as the result of its operation, or as a failure. */
import type { z } from 'zod';
import type { BackendError } from '../../model/errors.ts';
import type { Reply } from '../calls/exchange.ts';
import { retryAfterMsOf } from '../calls/retry-after.ts';
import { exceptionMeaning, failure, unreadableAnswer } from './errors.ts';
import { type Effect, unclearFailure } from './outcome.ts';
import type { Operation } from './query.ts';
import { errorReply } from './results.ts';
import { parseXml, type XmlDocument } from './xml.ts';

export interface RepliedCall {
  readonly operation: Operation;
  readonly effect: Effect;
}

/** The result in the reply to `call`, read by `schema`. Throws `BackendError`, which quotes nothing of the reply. */
export function resultOf<T>(reply: Reply, call: RepliedCall, schema: z.ZodType<T>): T {
  const document = documentOf(reply);
  const awsCode = document && !isRedirect(reply) ? exceptionCode(document) : undefined;
  const refusal = refusalOf(reply, call, awsCode);
  if (refusal) throw refusal;

  if (document?.root === `${call.operation}Response` && reply.status < 300) {
    const result = schema.safeParse(childOf(document, `${call.operation}Result`));
    if (result.success) return result.data;
  }
  throw badReply(reply, call.effect);
}

/** A redirect may lead to another service, so its body is not read as an exception of this one. */
function isRedirect({ status }: Reply): boolean {
  return status >= 300 && status < 400;
}

function documentOf(reply: Reply): XmlDocument | undefined {
  try {
    return parseXml(reply.body);
  } catch {
    return undefined;
  }
}

function childOf({ content }: XmlDocument, name: string): unknown {
  return typeof content === 'object' ? Object.entries(content).find(([key]) => key === name)?.[1] : undefined;
}

function exceptionCode(document: XmlDocument): string | undefined {
  return errorReply.safeParse({ [document.root]: document.content }).data;
}

/** The error that the status or the exception means, if any. An exception counts with any status. */
function refusalOf(
  reply: Reply,
  { operation, effect }: RepliedCall,
  awsCode: string | undefined,
): BackendError | undefined {
  const details = { ...(awsCode && { awsCode }), ...retryAfter(reply) };
  const meaning = awsCode === undefined ? undefined : exceptionMeaning(awsCode, operation);

  if (reply.status === 429 || meaning?.code === 'UPSTREAM_THROTTLED') {
    return failure({ ...exceptionMeaning('Throttling', operation), ...details });
  }
  if (reply.status >= 500) {
    const message = 'AWS Import/Export is failing.';
    return unclearFailure(effect, { code: 'UPSTREAM_UNAVAILABLE', message, ...details });
  }
  return meaning && failure({ ...meaning, ...details });
}

/** An unreadable 4xx is still a refusal: the service has done nothing. */
function badReply(reply: Reply, effect: Effect): BackendError {
  return reply.status >= 400 ? failure(unreadableAnswer) : unclearFailure(effect, unreadableAnswer);
}

function retryAfter(reply: Reply): { retryAfterMs?: number } {
  const retryAfterMs = retryAfterMsOf(reply);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
