/** Writes a request as a form by the AWS Query protocol, as aws-sdk-js and botocore do. */
import { uriEncoded } from '../uri-encoding.ts';

export type Operation = 'CancelJob' | 'CreateJob' | 'GetShippingLabel' | 'GetStatus' | 'ListJobs' | 'UpdateJob';

/** The one version of the API (service model `importexport/2010-06-01`). */
const apiVersion = '2010-06-01';

/** Null and undefined members are not sent; empty texts and lists are. */
export type MemberValue = string | number | boolean | readonly string[] | null | undefined;
export type Members = Readonly<Record<string, MemberValue>>;

export type Parameter = readonly [name: string, value: string];

/** The parameters of a call, unsigned and not yet encoded: `Action`, `Version`, then `members` in their order. */
export function queryParameters(operation: Operation, members: Members): Parameter[] {
  const given = Object.entries(members).flatMap(([name, value]) => memberParameters(name, value));
  return [['Action', operation], ['Version', apiVersion], ...given];
}

function memberParameters(name: string, value: MemberValue): Parameter[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  if (value.length === 0) return [[name, '']];
  return value.map((item, index): Parameter => [`${name}.member.${index + 1}`, item]);
}

/**
 * `text` as UTF-8 with all but `A–Z a–z 0–9 - _ . ~` written as `%XY`, as both signature versions want it: a space is
 * `%20`, and `! * ' ( )`, which `encodeURIComponent` leaves bare, are encoded as well.
 */
export function percentEncoded(text: string): string {
  // Half a surrogate pair has no UTF-8 form and would make encodeURIComponent throw. By way of a buffer it becomes U+FFFD.
  return uriEncoded(Buffer.from(text).toString());
}

/** `parameters` in their order, joined into one line of `name=value`. */
export function encodedQuery(parameters: readonly Parameter[]): string {
  return parameters.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&');
}
