/** Which names lead to this machine itself. */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Whether `host` is a loopback name or address; an IPv6 address with or without its brackets. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/**
 * Whether the request was sent to a name of this machine itself. Where nobody is asked who they are, a page whose own name
 * was made to lead here (DNS rebinding) would pass for the gateway's own: its browser tells that name as the `Host`.
 */
export function isOwnHost({ headers: { host = '' } }: IncomingMessage): boolean {
  return isLoopback(host.replace(/:\d+$/, ''));
}
