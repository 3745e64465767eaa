/** The values of a form, and what is sent of them. */
import types from 'virtual:input-types';
import type { InputField } from './input-types.ts';

export type Value = string | boolean | Values | readonly Value[] | undefined;

export interface Values {
  readonly [name: string]: Value;
}

export type Path = readonly (string | number)[];

export function isValues(value: Value): value is Values {
  return typeof value === 'object' && !Array.isArray(value);
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** A copy of `values` with another value at `path`. */
export function changed(values: Value, [first, ...rest]: Path, value: Value): Value {
  if (first === undefined) return value;
  if (typeof first === 'number') {
    const list = [...listOf(values)];
    list[first] = changed(list[first], rest, value);
    return list;
  }
  const object = isValues(values) ? values : {};
  return { ...object, [first]: changed(object[first], rest, value) };
}

/** A copy without what `names` are called, on every level. */
export function without(value: Value, names: ReadonlySet<string>): Value {
  if (Array.isArray(value)) return value.map((each: Value) => without(each, names));
  if (!isValues(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !names.has(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, without(each, names)]));
}

/** A copy with what `names` are called emptied, on every level: that there is one remains. */
export function blanked(value: Value, names: ReadonlySet<string>): Value {
  if (Array.isArray(value)) return value.map((each: Value) => blanked(each, names));
  if (!isValues(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, each]) => [name, names.has(name) ? '' : blanked(each, names)]));
}

/** The text called `name` beside `path`, or nearest above it. */
export function nearest(values: Values, path: Path, name: string): string {
  let found = '';
  let here: Value = values;
  for (const step of path) {
    if (isValues(here) && typeof here[name] === 'string') found = here[name];
    here = typeof step === 'number' ? listOf(here)[step] : isValues(here) ? here[step] : undefined;
  }
  return found;
}

/**
 * What is sent: what was left empty is not, but for what the schema requires. That is sent empty, so that the gateway
 * says what is missing, beside each field.
 */
export function inputFrom(type: string, values: Value): unknown {
  const object = isValues(values) ? values : {};
  // What was chosen and left empty is sent empty: without it, a disk would lose its code in silence.
  if (types.oneOf.includes(type)) return object;
  const entries = (types.inputs[type] ?? []).map((field) => [field.name, sentOf(field, object[field.name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sentOf(field: InputField, value: Value): unknown {
  if (isEmpty(value) && !field.isRequired && !isChosen(field, value)) return undefined;
  if (!field.isList) return singleOf(field, value);
  const list = listOf(value);
  return (list.length === 0 && types.inputs[field.type] ? [undefined] : list).map((each) => singleOf(field, each));
}

/** Names and ids, which have no space at their ends but that of a hasty copy. Keys, texts and codes may. */
const trimmed = /(Id|Arns?|[bB]ucket|Hash|region|vaultName)$/;

function singleOf({ name, type }: InputField, value: Value): unknown {
  if (types.inputs[type]) return inputFrom(type, value);
  if (type === 'Boolean') return value === true;
  if (typeof value === 'string' && trimmed.test(name)) return value.trim();
  return value ?? '';
}

/** Which of several fields it is, has been said, though perhaps not its value. */
function isChosen({ type }: InputField, value: Value): boolean {
  return types.oneOf.includes(type) && isValues(value) && Object.keys(value).length > 0;
}

/** A box that was unticked is a value: its default may be another. */
function isEmpty(value: Value): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  if (isValues(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === '';
}

export interface Missing {
  readonly path: Path;
  /** An empty choice could not be sent. */
  readonly isChoice: boolean;
}

/** What the schema requires and nobody has filled in. */
export function missingIn(type: string, values: Value, path: Path): readonly Missing[] {
  const object = isValues(values) ? values : {};
  return (types.inputs[type] ?? []).flatMap((field): readonly Missing[] => {
    const value = object[field.name];
    const here = [...path, field.name];
    if (isEmpty(value) && !field.isRequired) return [];
    const isObject = types.inputs[field.type] !== undefined && !types.oneOf.includes(field.type);
    if (field.isList && isObject) {
      const list = listOf(value).length === 0 ? [undefined] : listOf(value);
      return list.flatMap((each, place) => missingIn(field.type, each, [...here, place]));
    }
    if (isObject) return missingIn(field.type, value, here);
    if (isChosen(field, value)) return [];
    const isChoice = types.enums[field.type] !== undefined || types.oneOf.includes(field.type);
    return isEmpty(value) && field.type !== 'Boolean' ? [{ path: here, isChoice }] : [];
  });
}
