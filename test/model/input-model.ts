/** Describes inputs once, and generates valid ones, ones with one fault at a known path, and ones with any number. */
import fc from 'fast-check';

export interface Broken<Value> {
  readonly value: Value;
  /** Path from the value to the faulty member. */
  readonly at: readonly string[];
}

/** A value with any number of faults, none included. */
export interface Faulty<Value> {
  readonly value: Value;
  readonly faults: readonly (readonly string[])[];
}

export interface Model<Value> {
  readonly valid: fc.Arbitrary<Value>;
  readonly broken: fc.Arbitrary<Broken<Value>>;
  readonly faulty: fc.Arbitrary<Faulty<Value>>;
}

/** A single value. */
export function leaf<Value>(valid: fc.Arbitrary<Value>, broken: fc.Arbitrary<Value>): Model<Value> {
  return oneFaultAtMost(
    valid,
    broken.map((value) => ({ value, at: [] })),
  );
}

/** A value whose faults exclude each other. */
export function oneFaultAtMost<Value>(valid: fc.Arbitrary<Value>, broken: fc.Arbitrary<Broken<Value>>): Model<Value> {
  const faulty = fc.oneof(
    { weight: 3, arbitrary: valid.map((value) => ({ value, faults: [] })) },
    { weight: 1, arbitrary: broken.map(({ value, at }) => ({ value, faults: [at] })) },
  );
  return { valid, broken, faulty };
}

/** A value that may be left out, null or empty, with the same effect. */
export function optional<Value>({ valid, broken, faulty }: Model<Value>): Model<Value | null | undefined> {
  const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);
  return {
    valid: fc.oneof(valid, fc.constantFrom(null, undefined)),
    broken: broken.filter((each) => !isEmpty(each.value)),
    faulty: fc.oneof(
      faulty.map(({ value, faults }) => ({ value, faults: isEmpty(value) ? [] : faults })),
      fc.constantFrom(null, undefined).map((value) => ({ value, faults: [] })),
    ),
  };
}

/** A list of `min` to `max` items: one item is faulty, or the list's length. */
export function listOf<Item>(item: Model<Item>, min: number, max?: number): Model<Item[]> {
  const valid = fc.array(item.valid, { minLength: min, maxLength: max ?? min + 3, size: 'max' });
  const shorter = fc.array(item.valid, { minLength: 0, maxLength: (max ?? min + 3) - 1 });
  const faultyItem = fc.tuple(shorter, item.broken, fc.nat()).map(([items, { value, at }, anywhere]) => {
    const index = anywhere % (items.length + 1);
    return { value: items.toSpliced(index, 0, value), at: [String(index), ...at] };
  });
  const lengths = [...(min > 0 ? [min - 1] : []), ...(max === undefined ? [] : [max + 1])];
  const faultyLengths = lengths.map((length) =>
    fc.array(item.valid, { minLength: length, maxLength: length }).map((value) => ({ value, at: [] })),
  );
  return {
    valid,
    broken: fc.oneof(faultyItem, ...faultyLengths),
    faulty: fc.oneof(
      { weight: 9, arbitrary: faultyItems(item, min, max ?? min + 3) },
      ...lengths.map((length) => ({ weight: 1, arbitrary: faultyItems(item, length, length, [[]]) })),
    ),
  };
}

function faultyItems<Item>(item: Model<Item>, minLength: number, most: number, ofList: readonly string[][] = []) {
  const maxLength = Math.max(minLength, Math.min(most, minLength + 3));
  return fc.array(item.faulty, { minLength, maxLength }).map((items) => ({
    value: items.map(({ value }) => value),
    faults: [...ofList, ...items.flatMap(({ faults }, index) => faults.map((at) => [String(index), ...at]))],
  }));
}

type Models = Readonly<Record<string, Model<unknown>>>;
type Members<Shape extends Models> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Model<infer Value> ? Value : never;
};

/** An object with one faulty member. */
export function object<Shape extends Models>(shape: Shape): Model<Members<Shape>> {
  const valid = fc.record(
    Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, member.valid])),
  ) as fc.Arbitrary<Members<Shape>>;
  const brokenMembers = Object.entries(shape).map(([name, member]) =>
    fc
      .tuple(valid, member.broken)
      .map(([whole, { value, at }]) => ({ value: { ...whole, [name]: value }, at: [name, ...at] })),
  );
  return { valid, broken: fc.oneof(...brokenMembers), faulty: faultyObject(shape) };
}

function faultyObject<Shape extends Models>(shape: Shape): fc.Arbitrary<Faulty<Members<Shape>>> {
  const names = Object.keys(shape);
  return fc.tuple(...Object.values(shape).map(({ faulty }) => faulty)).map((members) => ({
    value: Object.fromEntries(names.map((name, index) => [name, members[index]?.value])) as Members<Shape>,
    faults: members.flatMap(({ faults }, index) => faults.map((at) => [names[index] ?? '', ...at])),
  }));
}
