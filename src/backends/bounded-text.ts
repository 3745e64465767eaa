/** Cuts texts of the services to a length. */

/** At most `maxLength` characters of `text`; an ellipsis says that it was cut. Never splits a surrogate pair. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
