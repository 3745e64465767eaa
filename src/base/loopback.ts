/** Recognises loopback names and addresses. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Whether `host` is a loopback name or address; an IPv6 address with or without brackets. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Whether the `Host` of the request is a loopback name. Without authentication a page whose name was made to resolve to
 * this machine (DNS rebinding) would pass as the gateway's own; its browser sends that name as the `Host`.
 */
export function isOwnHost({ headers: { host = '' } }: IncomingMessage): boolean {
  return isLoopback(host.replace(/:\d+$/, ''));
}
