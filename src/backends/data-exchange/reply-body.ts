/** Parses the JSON of a reply, within bounds of depth and length. */

/** The deepest answer of the API, a Lake Formation job in a list, is eight levels deep. */
const maxDepth = 32;
const maxListLength = 10_000;

/** `bytes` as JSON; undefined if they are not UTF-8, not JSON, or JSON of a shape that no answer of the API has. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isOrdinary(value, maxDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Neither too deep nor too long, and without a member that would change an object's prototype when copied. */
function isOrdinary(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depthLeft === 0) return false;
  if (Array.isArray(value))
    return value.length <= maxListLength && value.every((member) => isOrdinary(member, depthLeft - 1));
  // Not `Object.values`: the copies took a tenth of the time of a page.
  for (const name in value)
    if (name === '__proto__' || !isOrdinary(value[name as keyof typeof value], depthLeft - 1)) return false;
  return true;
}
