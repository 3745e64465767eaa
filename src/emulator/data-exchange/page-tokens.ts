/** The opaque `NextToken`: it names the last entry of its page, and only the list that it came from accepts it. */
import { createHmac, randomBytes } from 'node:crypto';
import { invalid } from './errors.ts';

const sealBytes = 12;

export class PageTokens {
  readonly #key = randomBytes(16);

  /** `list` says which list it is, filters included. */
  tokenAfter(lastId: string, list: string): string {
    return Buffer.concat([this.#seal(lastId, list), Buffer.from(lastId)]).toString('base64');
  }

  /** The id after which the next page starts. Throws `ValidationException` for anything but a token of this list. */
  lastIdFrom(token: string, list: string): string {
    const bytes = Buffer.from(token, 'base64');
    const lastId = bytes.subarray(sealBytes).toString();
    if (!this.#seal(lastId, list).equals(bytes.subarray(0, sealBytes)))
      throw invalid('nextToken: is not a token of this list');
    return lastId;
  }

  #seal(lastId: string, list: string): Buffer {
    return createHmac('sha256', this.#key).update(`${lastId}\n${list}`).digest().subarray(0, sealBytes);
  }
}
