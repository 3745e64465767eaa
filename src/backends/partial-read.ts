/** What can be read of an answer: a member that is not what the API describes counts as left out, wherever one may be left out. */
import { z } from 'zod';

export interface PartialRead<T> {
  readonly value: T;
  /** Paths of the members that counted as left out, such as `AssetSources.3`. */
  readonly emptied: readonly string[];
}

type Path = readonly PropertyKey[];

/** One round for each level that a member may have to take with it: no answer of either service has more. */
const maxRounds = 16;

/**
 * Reads `given` by `schema`. Whatever does not fit is taken out, a member of an object for good and an element of a list as null,
 * and with it as much around it as cannot be without it. Throws `ZodError` where nothing would be left.
 */
export function readPartly<T>(schema: z.ZodType<T>, given: unknown): PartialRead<T> {
  const emptied = new Set<string>();
  let left = given;
  for (let round = 0; ; round += 1) {
    const read = schema.safeParse(left);
    if (read.success) return { value: read.data, emptied: [...emptied] };
    // What was received may be somebody else's, too: it is never changed.
    if (left === given) left = structuredClone(given);
    const paths = read.error.issues.map(({ path }) => presentPath(left, path));
    if (round === maxRounds || paths.some((path) => path.length === 0)) throw read.error;
    for (const path of paths) {
      takeOut(left, path);
      emptied.add(path.map(String).join('.'));
    }
  }
}

/**
 * `schema`, of which nothing is taken out: what it reads is read whole or not at all. For what has members that mean something
 * where they are left out.
 */
export function indivisible<T>(schema: z.ZodType<T>) {
  return z.unknown().transform((given, context): T => {
    const { success, data } = schema.safeParse(given);
    if (success) return data;
    context.addIssue({ code: 'custom', message: 'expected what the API describes' });
    return z.NEVER;
  });
}

/** `path`, or as much of it as leads to something. */
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

function takeOut(value: unknown, path: Path): void {
  const holder = valueAt(value, path.slice(0, -1));
  const key = path.at(-1);
  if (typeof holder !== 'object' || holder === null || key === undefined) return;
  if (Array.isArray(holder)) Reflect.set(holder, key, null);
  else Reflect.deleteProperty(holder, key);
}
