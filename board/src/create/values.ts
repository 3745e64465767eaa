/** The values of a form, and what is sent of them. */

export type Value = string | boolean | Values | readonly Value[] | undefined;

export interface Values {
  readonly [name: string]: Value;
}

export type Path = readonly (string | number)[];

/** A copy of `values` with another value at `path`. */
export function changed(values: Value, [first, ...rest]: Path, value: Value): Value {
  if (first === undefined) return value;
  if (typeof first === 'number') {
    const list = Array.isArray(values) ? [...values] : [];
    list[first] = changed(list[first], rest, value);
    return list;
  }
  const object = isValues(values) ? values : {};
  return { ...object, [first]: changed(object[first], rest, value) };
}

export function isValues(value: Value): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was left empty is not sent, so that the gateway says what is missing. */
export function filledIn(value: Value): unknown {
  if (value === '' || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(filledIn).filter((each) => each !== undefined);
  if (!isValues(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, filledIn(each)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}
