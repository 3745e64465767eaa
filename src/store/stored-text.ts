/** Values as texts that are the same for the same value, so that one can be compared with what was read before. */

/** JSON with the members of each object in the order of their names; those that are undefined are left out. */
export function storedText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether both are absent, or the same when they are stored. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return storedText(one) === storedText(other);
}
