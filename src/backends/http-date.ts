/** Milliseconds since the epoch of an HTTP date (RFC 9110, section 5.6.7); undefined for anything else. */
export function httpDateFrom(value: string | null): number | undefined {
  // `Date.parse` takes `-1` and `1.5` for months of 2001.
  const ms = value?.endsWith(' GMT') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
