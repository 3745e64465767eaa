/** Generates argument values as large as the sizes in the schema, and finds the paths with a size. */
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isScalarType,
} from 'graphql';
import { demo } from '../../src/emulator/demo.ts';
import { inputSize, type Size, textSize } from '../../src/model/job-input-sizes.ts';
import { md5OfHello } from './examples.ts';

/** The share of the stated sizes: 1 for the largest value, 0 for the smallest that is not empty. */
export interface Shares {
  readonly lists: number;
  readonly texts: number;
}

export type Part = GraphQLArgument | GraphQLInputField;

/**
 * Strings that only the gateway can issue, such as ids of jobs, by the name of their argument or field and the index in
 * their list.
 */
export type Known = Readonly<Record<string, (index: number) => string>>;

/** A string, a list or a number in a value for which the schema states a size. */
export interface SizedPath {
  readonly path: readonly string[];
  readonly size: Size;
  readonly value: unknown;
}

/** Strings of a certain form, by the name of their field; `filled` extends them to the length. */
const forms: Readonly<Record<string, (filled: (start: string, end?: string) => string) => string>> = {
  assetId: () => demo.assetId,
  catalogId: () => '123456789012',
  country: () => 'USA',
  createdAfter: () => '2000-01-01T00:00:00Z',
  createdBefore: () => '2099-01-01T00:00:00Z',
  dataSetId: () => demo.dataSetId,
  deviceValue: (filled) => filled('1').replace(/\D/g, '0'),
  keyPattern: (filled) => filled(`\${Asset.Name}`),
  md5Hash: () => md5OfHello,
  notificationEmails: (filled) => filled('', '@example.com'),
  permissions: () => 'DESCRIBE',
  revisionId: () => demo.revisionId,
  roleArn: (filled) => filled('arn:aws:iam::123456789012:role/'),
  specificationMd5Hash: () => md5OfHello,
  text: (filled) => filled(legacyManifest),
};

/** The last line is a comment. */
const legacyManifest = `manifestVersion: 2.0
deviceId: DISK-0001
eraseDevice: yes
bucket: ${demo.bucket}
returnAddress:
  name: Jane Roe
  street1: 123 Any Street
  city: Anytown
  stateOrProvince: WA
  postalCode: 91011-1111
  phoneNumber: 206-555-1111
  country: USA
# `;

/** Members that contradict others of their input. */
const leftOut: Readonly<Record<string, readonly string[]>> = { JobFilter: ['direction'] };

const flags: Readonly<Record<string, boolean>> = { start: false, validateOnly: false };
const choices: Readonly<Record<string, string>> = {
  assetType: 'S3_SNAPSHOT',
  direction: 'IMPORT',
  origin: 'OWNED',
  service: 'DATA_EXCHANGE',
  type: 'AWS_KMS',
  types: 'EXPORT_ASSET_TO_SIGNED_URL',
};

/** The size of a part of an input; undefined if it states none and is neither a string nor a list. */
export function sizeOf({ type, extensions }: Part): Size | undefined {
  const stated = extensions['size'] as Size | undefined;
  const inner = getNullableType(type);
  return stated ?? (isScalarType(inner) && inner.name === 'String' ? textSize : undefined);
}

/** A value of `part` for each way to set exactly one member of an input. */
export function valuesOf(part: Part, shares: Shares, known: Known): readonly unknown[] {
  return new Filling(shares, known).of(part.type, part, 1, 0);
}

/** The sized paths within `value`, a value of `part`; of a list only the first item is visited. */
export function placesIn(value: unknown, part: Part): readonly SizedPath[] {
  const inner = getNullableType(part.type);
  const size = sizeOf(part);
  const own = size === undefined || isInputObjectType(inner) ? [] : [{ path: [], size, value }];
  if (Array.isArray(value) && isListType(inner)) {
    const item = getNullableType(inner.ofType);
    const within = isInputObjectType(item) ? placesInObject(value[0], item) : [];
    return [...own, ...within.map((place) => ({ ...place, path: ['0', ...place.path] }))];
  }
  return isInputObjectType(inner) ? placesInObject(value, inner) : own;
}

function placesInObject(value: unknown, type: GraphQLInputObjectType): readonly SizedPath[] {
  const fields = type.getFields();
  return Object.entries(value ?? {}).flatMap(([name, member]) => {
    const field = fields[name];
    const places = field === undefined ? [] : placesIn(member, field);
    return places.map((place) => ({ ...place, path: [name, ...place.path] }));
  });
}

/** The largest values of `part` that the schema allows: with the longest lists, and with the longest strings. */
export function largestValuesOf(part: Part, known: Known): readonly unknown[] {
  const isAllowed = (value: unknown) => lettersIn(value) <= inputSize.max;
  const whole = valuesOf(part, { lists: 1, texts: 1 }, known);
  if (whole.every(isAllowed)) return whole;
  const shrinking = (['lists', 'texts'] as const).map((shrunk) =>
    Array.from({ length: steps }, (_, step) =>
      valuesOf(part, { lists: 1, texts: 1, [shrunk]: 1 - (step + 1) / steps }, known),
    ),
  );
  return whole.flatMap((value, index) =>
    isAllowed(value) ? [value] : shrinking.map((values) => values.map((of) => of[index]).find(isAllowed)),
  );
}

/** The number of steps in which a too large value is shrunk. */
const steps = 20;

export function lettersIn(value: unknown): number {
  let letters = 0;
  JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member === 'string') letters += member.length;
    return member;
  });
  return letters;
}

class Filling {
  readonly #shares: Shares;
  readonly #known: Known;

  constructor(shares: Shares, known: Known) {
    this.#shares = shares;
    this.#known = known;
  }

  /** `sharing` lists of this kind share their size; `index` is the index in the outer list. */
  of(type: GraphQLInputType, part: Part, sharing: number, index: number): readonly unknown[] {
    const inner = getNullableType(type);
    if (isListType(inner)) return this.#lists(inner.ofType, part, sharing);
    if (isInputObjectType(inner)) return this.#objects(inner, sharing, index);
    if (isEnumType(inner)) return [choices[part.name] ?? inner.getValues().at(-1)?.name];
    if (inner.name === 'Boolean') return [flags[part.name] ?? true];
    if (inner.name === 'Int') return [Math.max(1, this.#scaled(sizeOf(part), this.#shares.lists))];
    return [this.#known[part.name]?.(index) ?? this.#text(part, index)];
  }

  #lists(item: GraphQLInputType, part: Part, sharing: number): readonly unknown[][] {
    const size = sizeOf(part);
    const length = Math.max(1, Math.floor(this.#scaled(size, this.#shares.lists) / (size?.within ? sharing : 1)));
    const items = Array.from({ length }, (_, index) => this.of(item, part, length, index));
    return variantsOf(items).map((variant) => [...variant]);
  }

  #objects(type: GraphQLInputObjectType, sharing: number, index: number): readonly object[] {
    const fields = Object.values(type.getFields()).filter(({ name }) => !leftOut[type.name]?.includes(name));
    const variants = fields.map((field) => this.of(field.type, field, sharing, index));
    // Of a nested choice, such as the encryption of a device, only the first variant is used.
    if (type.isOneOf)
      return fields.flatMap(({ name }, place) =>
        (variants[place] ?? []).slice(0, 1).map((value) => ({ [name]: value })),
      );
    return variantsOf(variants).map((values) =>
      Object.fromEntries(fields.map(({ name }, place) => [name, values[place]])),
    );
  }

  #text(part: Part, index: number): string {
    // An item of a list has no size of its own; it has that of any string with this name.
    const stated = sizeOf(part);
    const size = stated === undefined || stated.unit === 'elements' ? (itemSizes[part.name] ?? textSize) : stated;
    const length = this.#scaled(size, this.#shares.texts);
    // Escaped, all letters are equally long. A letter beyond ASCII is longer only in a string among the variables,
    // which has its own limit.
    const letter = size.unit === 'characters' && size.max > textSize.max * 2 ? '価' : 'k';
    const number = String(index).padStart(3, '0');
    const filled = (start: string, end = '') =>
      `${start}${(number + letter.repeat(length)).slice(0, Math.max(1, length - start.length - end.length))}${end}`;
    return forms[part.name]?.(filled) ?? filled('');
  }

  #scaled(size: Size = textSize, share: number): number {
    const minimum = Math.max(size.min ?? 0, size.unit === 'elements' ? 1 : 4);
    return Math.max(Math.min(minimum, size.max), Math.floor(size.max * share));
  }
}

const key = { max: 1_024, unit: 'bytes' } as const;
const itemSizes: Readonly<Record<string, Size>> = {
  keyPrefixes: key,
  keys: key,
  kmsKeyArns: { max: 2_048, unit: 'characters' },
};

/** As many variants as the part with the most; a part with fewer repeats its last one. */
function variantsOf(parts: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const count = Math.max(1, ...parts.map(({ length }) => length));
  return Array.from({ length: count }, (_, index) => parts.map((variants) => variants[index] ?? variants.at(-1)));
}
