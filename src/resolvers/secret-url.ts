/** An address that is a credential: given out at its field, once the caller's rights were looked at there. */
import type { Secret } from '../base/secret.ts';

export function secretUrl({ url }: { readonly url: Secret<string> }): string {
  return url.reveal();
}
