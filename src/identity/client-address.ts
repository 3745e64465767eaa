/** The address that failed authentications are counted for: the client's, also where a proxy stands before the gateway. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddress from 'proxy-addr';

export type AddressOf = (request: IncomingMessage) => string;

/**
 * A reader of the address of each request, for `trustedProxies` as of `WAYBILL_TRUSTED_PROXIES`. Only from them it believes
 * `X-Forwarded-For`, from its end up to the first address that is not one of theirs, since whoever is before that can
 * write what they like. If that is no address, and without proxies, it is the peer's. A closed socket has none: empty.
 */
export function addressReader(trustedProxies: readonly string[]): AddressOf {
  const trust = proxyAddress.compile([...trustedProxies]);
  return (request) => {
    const peer = request.socket.remoteAddress;
    if (peer === undefined) return '';
    const client = proxyAddress(request, trust);
    return isIP(client) === 0 ? peer : client;
  };
}

/** Whether a proxy or a network of proxies is named so that it can be trusted. Not everybody: a range of 0 bits is refused. */
export function isProxyRange(name: string): boolean {
  try {
    proxyAddress.compile(name);
    return true;
  } catch {
    return false;
  }
}
