/** Mutations of valid replies, as a bad line, proxy or release could cause them. */
import fc from 'fast-check';

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** A position or length as a fraction of the whole, so that it applies to every reply. */
const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const length = fc.integer({ min: 1, max: 60 });

const bitFlip = fc.tuple(fraction, fc.integer({ min: 0, max: 7 })).map(
  ([where, bit]): Mutation =>
    (bytes) =>
      bytes.map((byte, index) => (index === indexAt(bytes, where) ? byte ^ (1 << bit) : byte)),
);

const cut = fraction.map(
  (where): Mutation =>
    (bytes) =>
      bytes.subarray(0, indexAt(bytes, where)),
);

const removal = fc.tuple(fraction, length).map(
  ([where, size]): Mutation =>
    (bytes) =>
      joined(bytes.subarray(0, indexAt(bytes, where)), bytes.subarray(indexAt(bytes, where) + size)),
);

const duplicate = fc.tuple(fraction, length).map(
  ([where, size]): Mutation =>
    (bytes) => {
      const at = indexAt(bytes, where);
      return joined(bytes.subarray(0, at + size), bytes.subarray(at));
    },
);

/** Swaps two stretches. */
const swap = fc.tuple(fraction, fraction, length).map(
  ([one, other, size]): Mutation =>
    (bytes) => {
      const [first = 0, second = 0] = [indexAt(bytes, one), indexAt(bytes, other)].sort((a, b) => a - b);
      if (first + size > second) return bytes;
      const [head, a, middle, b, tail] = [
        bytes.subarray(0, first),
        bytes.subarray(first, first + size),
        bytes.subarray(first + size, second),
        bytes.subarray(second, second + size),
        bytes.subarray(second + size),
      ];
      return joined(head, b, middle, a, tail);
    },
);

/** Inserts a foreign piece. */
function splice(pieces: readonly string[]) {
  return fc.tuple(fraction, fc.constantFrom(...pieces), fc.nat(20)).map(
    ([where, piece, over]): Mutation =>
      (bytes) =>
        joined(
          bytes.subarray(0, indexAt(bytes, where)),
          Buffer.from(piece),
          bytes.subarray(indexAt(bytes, where) + over),
        ),
  );
}

/** Replaces one of the parts that `pattern` finds by another, or by a foreign one; a name once or everywhere. */
function replacement(pattern: RegExp, foreign: readonly string[]) {
  const source = fc.oneof(fraction, fc.constantFrom(...foreign));
  return fc.tuple(fraction, source, fc.boolean()).map(
    ([one, other, isEverywhere]): Mutation =>
      (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const parts = [...text.matchAll(pattern)].map(([part]) => part);
        const from = at(parts, one);
        const to = typeof other === 'string' ? Buffer.from(other).toString('latin1') : at(parts, other);
        const changed = isEverywhere ? text.replaceAll(from, () => to) : text.replace(from, () => to);
        return Buffer.from(parts.length > 0 ? changed : text, 'latin1');
      },
  );
}

/** Swaps two of the parts that `pattern` finds. */
function interchange(pattern: RegExp) {
  return fc.tuple(fraction, fraction).map(
    ([one, other]): Mutation =>
      (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const parts = [...text.matchAll(pattern)];
        const [first, second] = [at(parts, one), at(parts, other)].sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0));
        if (!first || !second || first.index + first[0].length > second.index) return bytes;
        const middle = text.slice(first.index + first[0].length, second.index);
        const tail = text.slice(second.index + second[0].length);
        return Buffer.from(`${text.slice(0, first.index)}${second[0]}${middle}${first[0]}${tail}`, 'latin1');
      },
  );
}

/** The parts of a format that are moved and renamed as a whole. */
export interface Part {
  readonly pattern: RegExp;
  /** Replacements of a part. */
  readonly foreign: readonly string[];
}

export interface Format {
  /** Pieces to insert where they do not belong. */
  readonly pieces: readonly string[];
  readonly parts: readonly Part[];
}

/** `bytes` after one to three mutations. */
export function mutantOf(bytes: Uint8Array, { pieces, parts }: Format): fc.Arbitrary<Mutant> {
  const blind = fc.oneof(bitFlip, cut, removal, duplicate, swap, splice(pieces));
  const informed = parts.flatMap(({ pattern, foreign }) => [replacement(pattern, foreign), interchange(pattern)]);
  return fc
    .array(fc.oneof(blind, ...informed), { minLength: 1, maxLength: 3 })
    .map((mutations) => new Mutant(mutations.reduce((mutated, mutate) => mutate(mutated), bytes)));
}

/** Shown as text when a property fails. */
export class Mutant {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array) {
    this.bytes = Uint8Array.from(bytes);
  }

  [fc.toStringMethod](): string {
    return JSON.stringify(Buffer.from(this.bytes).toString('latin1'));
  }
}

function at<Item>(items: readonly Item[], where: number): Item {
  return items[Math.floor(where * items.length)] as Item;
}

function indexAt(bytes: Uint8Array, where: number): number {
  return Math.floor(where * bytes.length);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
