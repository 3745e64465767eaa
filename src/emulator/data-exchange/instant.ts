/** ISO 8601 in UTC with milliseconds: the one form of a timestamp that every client of the service takes. */
export function instantText(at: number): string {
  return new Date(at).toISOString();
}
