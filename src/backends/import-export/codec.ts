/** Writes and signs calls to AWS Import/Export, and converts lost replies into errors. */
import type { Codec } from '../calls/exchange.ts';
import type { LostReply } from '../calls/lost-reply.ts';
import { failure, unreadableAnswer } from './errors.ts';
import { type Effect, unclearFailure } from './outcome.ts';
import { type Members, type Operation, queryParameters } from './query.ts';
import type { Signer, SigningKey } from './signature.ts';

export interface Call {
  readonly operation: Operation;
  readonly members: Members;
  readonly effect: Effect;
  /** Throws if the call must not be made with this key. */
  readonly checkKey?: (key: SigningKey) => void;
}

export function createCodec(endpoint: URL, sign: Signer): Codec<Call> {
  return {
    // Far above the longest reply: 1,000 listed jobs take about 200 kB.
    maxReplyBytes: 1024 * 1024,
    requestOf: ({ operation, effect }) => ({ operation, effect: effect === 'nothing' ? 'read' : 'write' }),
    sign: async ({ operation, members, checkKey }, key, signedAt) => {
      if (key.sessionToken) throw temporaryCredentialsFailure();
      checkKey?.(key);
      const { headers, body } = await sign(queryParameters(operation, members), { endpoint, key, signedAt });
      return { url: endpoint.href, method: 'POST', headers: { ...headers, 'user-agent': 'waybill' }, body };
    },
    failureOf,
  };
}

/** AWS's own test notes for Import/Export say that temporary credentials did not work with the live service. */
function temporaryCredentialsFailure() {
  return failure({
    code: 'CREDENTIALS_UNAVAILABLE',
    message: 'AWS Import/Export takes no temporary credentials: configure an access key without a session token.',
  });
}

function failureOf({ reason, cause }: LostReply, { effect }: Call): unknown {
  switch (reason) {
    // Data Exchange's client throws a timeout instead. Only callers who left receive either.
    case 'caller left':
      return cause;
    case 'not signed':
      return failure({ code: 'CREDENTIALS_UNAVAILABLE', message: 'No AWS credentials could be loaded.', cause });
    case 'not connected': {
      const message = 'AWS Import/Export cannot be reached; nothing was sent.';
      return failure({ code: 'UPSTREAM_UNAVAILABLE', message, cause });
    }
    case 'too late': {
      const message = 'AWS Import/Export did not answer in time.';
      return unclearFailure(effect, { code: 'UPSTREAM_TIMEOUT', message, cause });
    }
    case 'connection lost': {
      const message = 'The connection to AWS Import/Export broke before it answered.';
      return unclearFailure(effect, { code: 'UPSTREAM_UNAVAILABLE', message, cause });
    }
    case 'body broken off':
    case 'body too large':
      return unclearFailure(effect, { ...unreadableAnswer, cause });
  }
}
