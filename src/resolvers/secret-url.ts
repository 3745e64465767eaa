/** Reveals a URL that is a credential. The schema has checked the caller's rights at the field. */
import type { Secret } from '../base/secret.ts';

export function secretUrl({ url }: { readonly url: Secret<string> }): string {
  return url.reveal();
}
