/** ISO 8601 in UTC with milliseconds, the one timestamp format that every client of the service accepts. */
export function instantText(at: number): string {
  return new Date(at).toISOString();
}
