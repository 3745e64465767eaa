/** Signs the opaque `NextToken`, which names the last entry of its page and is valid only for its list. */
import { createHmac, randomBytes } from 'node:crypto';
import { invalid } from './errors.ts';

const signatureBytes = 12;

export class PageTokens {
  readonly #key = randomBytes(16);

  /** `list` identifies the list with its filters. */
  tokenAfter(lastId: string, list: string): string {
    return Buffer.concat([this.#signature(lastId, list), Buffer.from(lastId)]).toString('base64');
  }

  /** The id after which the next page starts. Throws `ValidationException` for anything but a token of this list. */
  lastIdFrom(token: string, list: string): string {
    const bytes = Buffer.from(token, 'base64');
    const lastId = bytes.subarray(signatureBytes).toString();
    if (!this.#signature(lastId, list).equals(bytes.subarray(0, signatureBytes)))
      throw invalid('nextToken: is not a token of this list');
    return lastId;
  }

  #signature(lastId: string, list: string): Buffer {
    return createHmac('sha256', this.#key).update(`${lastId}\n${list}`).digest().subarray(0, signatureBytes);
  }
}
