/** Writes a JSON value in another spelling: varies the order of members, the white space and the form of instants. */
import type { Choices, Fact } from './choices.ts';

/**
 * Varies what JSON leaves open (RFC 8259), and ISO 8601 as AWS prints it: with `Z` or an offset, and up to six digits
 * of a second.
 */
export function respelled(value: unknown, choices: Choices, ...facts: readonly Fact[]): string {
  const indent = choices.below(3, 'indent', ...facts);
  return JSON.stringify(reordered(value, choices, facts), undefined, indent);
}

function reordered(value: unknown, choices: Choices, facts: readonly Fact[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => reordered(item, choices, [...facts, index]));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    isInstant(name, member)
      ? instantForm(member, choices, [...facts, name])
      : reordered(member, choices, [...facts, name]),
  ]);
  const rank = ([name]: readonly [string, unknown]) => choices.fraction('order', name, ...facts);
  return Object.fromEntries(members.sort((a, b) => rank(a) - rank(b)));
}

function isInstant(name: string, member: unknown): member is string {
  return name.endsWith('At') && typeof member === 'string';
}

/** The User Guide prints `2021-09-11T00:38:19.875000+00:00`, the service's model `2020-01-01T00:00:00.000Z`. */
function instantForm(text: string, choices: Choices, facts: readonly Fact[]): string {
  const forms = [text, text.replace('Z', '000+00:00'), text.replace('Z', '+00:00'), text.replace('.000Z', 'Z')];
  return forms[choices.below(forms.length, 'instant', ...facts)] ?? text;
}
