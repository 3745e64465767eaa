/** Strict readers of single members of a JSON answer: each returns the value or throws. */

export type Given = Readonly<Record<string, unknown>>;
type Read = (value: unknown) => unknown;
export type Shape = Readonly<Record<string, (given: Given) => unknown>>;

export function at(name: string, read: Read) {
  return (given: Given) => read(Object.hasOwn(given, name) ? given[name] : undefined);
}

export function members(shape: Shape) {
  return (value: unknown) => {
    const given = object(value);
    return Object.fromEntries(Object.entries(shape).map(([name, read]) => [name, read(given)]));
  };
}

/** Reads an optional member: an unreadable one counts as left out. */
export function lenient<Value>(read: (value: unknown) => Value) {
  return (value: unknown) => {
    try {
      return maybe(read)(value);
    } catch {
      return null;
    }
  };
}

export function maybe<Value>(read: (value: unknown) => Value) {
  return (value: unknown) => (value === undefined || value === null ? null : read(value));
}

export function list<Value>(read: (value: unknown) => Value) {
  return (value: unknown) => {
    if (!Array.isArray(value)) throw new Error('no list');
    return value.map((item) => read(item));
  };
}

export function listOrNone<Value>(read: (value: unknown) => Value) {
  return (value: unknown) => maybe(list(read))(value) ?? [];
}

export function object(value: unknown): Given {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return value as Given;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('no text');
  return value;
}

export function number(value: unknown): number {
  if (!Number.isFinite(value) || typeof value !== 'number') throw new Error('no number');
  return value;
}

/** ISO 8601 with `Z` or an offset. */
export function instant(value: unknown): Date {
  const [, date = '', hour = '', minute = '', second = '0', fraction = '', sign, hours = '0', minutes = '0'] =
    /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text(value)) ?? [];
  const day = new Date(`${date}T00:00:00.000Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) throw new Error('no such day');
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) throw new Error('no such time');
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  const ms = Math.trunc(Number(`0.${fraction || '0'}`) * 1_000);
  return new Date(day.getTime() + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1_000 + ms);
}
