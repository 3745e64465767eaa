import { randomInt } from 'node:crypto';

/** Digits from 1 and capital letters, without the O that looks like a zero. */
const alphabet = '123456789ABCDEFGHIJKLMNPQRSTUVWXYZ';

/** Five characters, like the ids in the service's documents. */
export function newJobId(): string {
  return Array.from({ length: 5 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
