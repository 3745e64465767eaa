/** Decides which signed URLs reach callers: each is a credential, and callers send their files there. */

import { Secret } from '../../base/secret.ts';
import type { SignedUrl } from '../../model/data-exchange-job-types/parts.ts';

/** Null without a URL, and for one that must not reach a caller. */
export type SignedUrlReader = (url: string | null | undefined, expiresAt: Date | null | undefined) => SignedUrl | null;

/** S3's own presigned URLs stay well below this, session token included. */
const maxUrlLength = 8_000;

/**
 * Matches URLs that every program parses alike. `URL` also accepts line feeds, spaces, backslashes and a user before
 * the host.
 */
const plainUrl = /^https?:\/\/[\w.:[\]-]+([/?#][!-[\]-~]*)?$/i;

/**
 * Accepts URLs of AWS over https; of this machine, where the emulator runs, also over http; and of the host of
 * `endpoint`, which the gateway trusts as it trusts the service.
 */
export function createSignedUrlReader(endpoint: string | undefined): SignedUrlReader {
  const endpointUrl = endpoint === undefined ? undefined : new URL(endpoint);
  return (text, expiresAt) => {
    if (!text || !expiresAt || text.length > maxUrlLength || !plainUrl.test(text) || !URL.canParse(text)) return null;
    const url = new URL(text);
    return isOfAws(url) || isOfThisMachine(url) || isOfHost(url, endpointUrl)
      ? { url: new Secret(text), expiresAt }
      : null;
  };
}

function isOfAws({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && /\.amazonaws\.com(\.cn)?$/.test(hostname);
}

function isOfThisMachine({ protocol, hostname }: URL): boolean {
  return /^https?:$/.test(protocol) && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function isOfHost({ protocol, hostname }: URL, endpoint: URL | undefined): boolean {
  return protocol === endpoint?.protocol && hostname === endpoint.hostname;
}
