/** Reads the readable part of an answer: optional members that do not fit the API's description count as absent. */
import { z } from 'zod';

export interface PartialRead<T> {
  readonly value: T;
  /** Paths of the members that counted as absent, such as `AssetSources.3`. */
  readonly emptied: readonly string[];
}

type Path = readonly PropertyKey[];

/** Each round may remove one more level around a member. No answer of either service has more levels. */
const maxRounds = 16;

/**
 * Reads `received` by `schema`. Removes each member that does not fit, replaces each element of a list that does not
 * fit by null, and removes each object that requires one of them. Throws `ZodError` where nothing would be left.
 */
export function readPartly<T>(schema: z.ZodType<T>, received: unknown): PartialRead<T> {
  const emptied = new Set<string>();
  let left = received;
  for (let round = 0; ; round += 1) {
    const read = schema.safeParse(left);
    if (read.success) return { value: read.data, emptied: [...emptied] };
    // The caller keeps `received`, so it is copied before the first change.
    if (left === received) left = structuredClone(received);
    const paths = read.error.issues.map(({ path }) => presentPath(left, path));
    if (round === maxRounds || paths.some((path) => path.length === 0)) throw read.error;
    for (const path of paths) {
      remove(left, path);
      emptied.add(path.map(String).join('.'));
    }
  }
}

/** `schema`, read whole or not at all: for objects in which the absence of a member has a meaning. */
export function indivisible<T>(schema: z.ZodType<T>) {
  return z.unknown().transform((received, context): T => {
    const { success, data } = schema.safeParse(received);
    if (success) return data;
    context.addIssue({ code: 'custom', message: 'expected what the API describes' });
    return z.NEVER;
  });
}

/** The longest start of `path` that leads to a value. */
function presentPath(value: unknown, path: Path): Path {
  for (let length = path.length; length > 0; length -= 1) {
    const prefix = path.slice(0, length);
    if ((valueAt(value, prefix) ?? undefined) !== undefined) return prefix;
  }
  return [];
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  return found;
}

function remove(value: unknown, path: Path): void {
  const holder = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder !== 'object' || holder === null || key === undefined) return;
  if (Array.isArray(holder)) Reflect.set(holder, key, null);
  else Reflect.deleteProperty(holder, key);
}
