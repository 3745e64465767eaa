/** Removes secrets from a line of JSON. */
import { isSecretName, placeholder, scrubbed } from '../base/scrub.ts';

/** Members that the log itself writes, with digits and words that might look like a secret. */
const ownMembers = new Set(['time', 'level', 'document', 'caller', 'kind', 'transport']);

/** A JSON string, with the colon after it if it is a name. */
const jsonText = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** Scrubs a line of JSON string by string, so that it stays JSON. Strings of members with secret names are always replaced. */
export function scrubbedJson(line: string): string {
  let member = '';
  return line.replace(jsonText, (literal: string, colon: string | undefined) => {
    if (colon !== undefined) {
      member = textOf(literal.slice(0, -colon.length));
      return `${JSON.stringify(scrubbed(member))}:`;
    }
    if (ownMembers.has(member)) return literal;
    return JSON.stringify(isSecretName(member) ? placeholder : scrubbed(textOf(literal)));
  });
}

function textOf(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return placeholder;
  }
}
