/** Writes a request as a form by the AWS Query protocol, as aws-sdk-js and botocore do. */
import { uriEncoded } from '../uri-encoding.ts';

export type Operation = 'CancelJob' | 'CreateJob' | 'GetShippingLabel' | 'GetStatus' | 'ListJobs' | 'UpdateJob';

/** The only version of the API (service model `importexport/2010-06-01`). */
const apiVersion = '2010-06-01';

/** Null and undefined members are not sent; empty texts and lists are. */
export type MemberValue = string | number | boolean | readonly string[] | null | undefined;
export type Members = Readonly<Record<string, MemberValue>>;

export type Parameter = readonly [name: string, value: string];

/** The parameters of a call, unsigned and not yet encoded: `Action`, `Version`, then `members` in their order. */
export function queryParameters(operation: Operation, members: Members): Parameter[] {
  const own = Object.entries(members).flatMap(([name, value]) => memberParameters(name, value));
  return [['Action', operation], ['Version', apiVersion], ...own];
}

function memberParameters(name: string, value: MemberValue): Parameter[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  if (value.length === 0) return [[name, '']];
  return value.map((item, index): Parameter => [`${name}.member.${index + 1}`, item]);
}

/** As `uriEncoded`, but does not throw: a lone surrogate, which has no UTF-8 form, becomes U+FFFD. */
export function percentEncoded(text: string): string {
  return uriEncoded(Buffer.from(text).toString());
}

/** `parameters` in their order, joined into one line of `name=value`. */
export function encodedQuery(parameters: readonly Parameter[]): string {
  return parameters.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&');
}
