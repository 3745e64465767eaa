/** Describes inputs once, and generates valid ones and ones with exactly one fault at a known path. */
import fc from 'fast-check';

export interface Broken<Value> {
  readonly value: Value;
  /** Path from the value to the faulty member. */
  readonly at: readonly string[];
}

export interface Model<Value> {
  readonly valid: fc.Arbitrary<Value>;
  readonly broken: fc.Arbitrary<Broken<Value>>;
}

/** A single value. */
export function leaf<Value>(valid: fc.Arbitrary<Value>, broken: fc.Arbitrary<Value>): Model<Value> {
  return { valid, broken: broken.map((value) => ({ value, at: [] })) };
}

/** A value that may be left out, null or empty, with the same effect. */
export function optional<Value>({ valid, broken }: Model<Value>): Model<Value | null | undefined> {
  const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0);
  return {
    valid: fc.oneof(valid, fc.constantFrom(null, undefined)),
    broken: broken.filter((each) => !isEmpty(each.value)),
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
  return { valid, broken: fc.oneof(faultyItem, ...faultyLengths) };
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
  const faulty = Object.entries(shape).map(([name, member]) =>
    fc
      .tuple(valid, member.broken)
      .map(([whole, { value, at }]) => ({ value: { ...whole, [name]: value }, at: [name, ...at] })),
  );
  return { valid, broken: fc.oneof(...faulty) };
}
