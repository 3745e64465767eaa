/** Strict readers of single members of an XML reply: each returns the value or throws. */
import type { XmlNode } from './strict-xml.ts';

export function membersOf(result: XmlNode, name: string): readonly XmlNode[] {
  return maybe(result, name)?.children.filter((child) => child.name === 'member') ?? [];
}

export function pair(a: string | undefined, b: string | undefined): readonly [string, string] | null {
  return a !== undefined && b !== undefined ? [a, b] : null;
}

/** The result of `read`; undefined if it throws. */
export function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Reads an optional member: an unreadable one counts as left out. */
export function optionalText(node: XmlNode, name: string): string | null {
  return orUndefined(() => text(node, name)) ?? null;
}

export function optionalToken(node: XmlNode, name: string): string | undefined {
  return orUndefined(() => token(node, name));
}

/** Character data unchanged; null if there are none. */
export function text(node: XmlNode, name: string): string | null {
  const found = maybe(node, name);
  if (found && found.children.length > 0) throw new Error(`${name} is no text`);
  return found?.text || null;
}

/** Trimmed character data; undefined if there are none. */
export function token(node: XmlNode, name: string): string | undefined {
  return text(node, name)?.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '') || undefined;
}

export function required(node: XmlNode, name: string): string {
  const found = token(node, name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

export function direction(node: XmlNode): string {
  const found = required(node, 'JobType').toUpperCase();
  if (found !== 'IMPORT' && found !== 'EXPORT') throw new Error('no job type');
  return found;
}

export function flag(node: XmlNode, name: string): boolean {
  const found = required(node, name);
  if (found !== 'true' && found !== 'false') throw new Error(`${name} is no boolean`);
  return found === 'true';
}

export function expectTrue(result: XmlNode): void {
  if (!flag(result, 'Success')) throw new Error('no success');
}

export function count(result: XmlNode): number | null {
  const found = token(result, 'ErrorCount');
  if (found === undefined) return null;
  if (!/^\d{1,10}$/.test(found) || Number(found) >= 2 ** 31) throw new Error('no count');
  return Number(found);
}

/** ISO 8601 in UTC, or seconds since the epoch. */
export function instant(node: XmlNode): Date {
  const found = required(node, 'CreationDate');
  if (/^\d+(\.\d+)?$/.test(found)) return new Date(Number(found) * 1_000);
  const [, year, month, day, hour, minute, second = '0', fraction = '0'] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?Z$/.exec(found) ?? [];
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw new Error('no instant');
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) throw new Error('no such day');
  date.setUTCHours(Number(hour), Number(minute), Number(second), Math.trunc(Number(`0.${fraction}`) * 1_000));
  return date;
}

/** The only child of this name, without text beside the children. */
export function only(node: XmlNode, name: string): XmlNode {
  const found = maybe(node, name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

export function maybe(node: XmlNode, name: string): XmlNode | undefined {
  const found = node.children.filter((child) => child.name === name);
  if (found.length > 1) throw new Error(`${name} occurs twice`);
  return found[0];
}
