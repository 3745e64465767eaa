/** Serializes values so that equal values have equal texts and can be compared with what was read. */

/** JSON with sorted members; undefined ones are left out. */
export function storedText(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether both are absent, or have the same stored text. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return storedText(one) === storedText(other);
}
