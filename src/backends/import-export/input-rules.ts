/** Rules for single values of the input. */
import type { InputFault } from '../../model/input-fault.ts';
import type { Check } from '../input/checks.ts';
import { type CharacterRule, noControlCharacters, type TextRule, text as textOf } from '../input/text-checks.ts';
import { failure } from './errors.ts';

/**
 * Whether a reply in XML can have `value` (XML 1.0, section 2.2, "Characters"): a job whose manifest has other
 * characters could be created but not read.
 */
export function isXmlText(value: string): boolean {
  return /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(value);
}

export const xmlSays = 'must have no character that XML cannot carry';

/** In the form that the manifest has, with control characters escaped. */
const quotedXml: CharacterRule = { isKept: (value) => isXmlText(JSON.stringify(value)), says: xmlSays };

/** Any text, such as a line of an address. The manifest quotes it. */
export function textBy(rule: TextRule = {}): Check {
  return textOf({ ...rule, isBlankMissing: true, characters: [quotedXml] });
}

/** Text of one line, such as a name. */
export function lineBy(rule: TextRule = {}): Check {
  return textOf({ ...rule, isBlankMissing: true, characters: [quotedXml, noControlCharacters] });
}

export const text = textBy();

export const line = lineBy();

/** Throws `INVALID_INPUT` with the faults, if there are any. */
export function assertNone(faults: readonly InputFault[]): void {
  const [first] = faults;
  if (first === undefined) return;
  throw failure({ code: 'INVALID_INPUT', message: first.message, field: first.field, faults });
}
