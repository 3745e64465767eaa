/** Checks texts of inputs: whether they are given, then their length, their characters and their form. */
import { fits, rangeOf, type Size, sizes, textSize } from '../../model/job-input-sizes.ts';
import { type Check, type Finding, missing } from './checks.ts';

/** What a text must not contain. */
export interface CharacterRule {
  readonly isKept: (text: string) => boolean;
  /** Completes the sentence "The asset name …". */
  readonly says: string;
}

export interface TextRule {
  readonly size?: Size;
  /** Whether white space alone counts as nothing. */
  readonly isBlankMissing?: boolean;
  readonly characters?: readonly CharacterRule[];
  /** Clients receive its source, so that they can check the form before they send. */
  readonly pattern?: RegExp;
  /** A form that no single pattern describes. */
  readonly hasForm?: (text: string) => boolean;
  /** Completes the sentence "The asset name must …". Absent where the size says enough. */
  readonly must?: string;
}

const validUnicode: CharacterRule = { isKept: (text) => !/\p{Cs}/u.test(text), says: 'must be valid Unicode' };

export const noControlCharacters: CharacterRule = {
  isKept: (text) => !/\p{Cc}/u.test(text),
  says: 'must not have line breaks or other control characters',
};

/** A text by `rule`. It has one fault at most: the first that is found. */
export function text(rule: TextRule = {}): Check {
  return (value, path, findings) => {
    const finding = typeof value === 'string' ? findingIn(value, rule) : missing;
    if (finding !== undefined) findings.add(path, finding);
  };
}

function findingIn(value: string, rule: TextRule): Finding | undefined {
  const { size = textSize, isBlankMissing = false, characters = [] } = rule;
  const isEmpty = isBlankMissing ? value.trim() === '' : value === '' && (size.min ?? 0) > 0;
  if (isEmpty) return missing;
  const length = lengthIn(value, size);
  if (!fits(length, size)) return wrongLength(length, size, rule.must);
  const broken = [validUnicode, ...characters].find(({ isKept }) => !isKept(value));
  if (broken !== undefined) return { code: 'INVALID_CHARACTERS', says: broken.says };
  return hasForm(value, rule) ? undefined : wrongForm(length, size, rule);
}

function hasForm(value: string, { pattern, hasForm: isRight = () => true }: TextRule): boolean {
  return (pattern === undefined || pattern.test(value)) && isRight(value);
}

export function lengthIn(value: string, { unit }: Size): number {
  return unit === 'bytes' ? Buffer.byteLength(value) : value.length;
}

/** For a text whose length is outside `size`. */
export function wrongLength(received: number, size: Size, must = `have ${rangeOf(size)}`): Finding {
  const { min = 0, max, unit } = size;
  return {
    code: received < min ? 'TOO_SHORT' : 'TOO_LONG',
    parameters: { ...(min > 0 && { min }), max, received, unit },
    says: `must ${must}; ${counted(received, unit)} given`,
  };
}

function wrongForm(length: number, { unit }: Size, { pattern, must = 'have another form' }: TextRule): Finding {
  return {
    code: 'PATTERN',
    ...(pattern !== undefined && { parameters: { pattern: pattern.source } }),
    says: `must ${must}; the ${length === 1 ? `${unit.replace(/s$/, '')}` : `${length} ${unit}`} given ${length === 1 ? 'does' : 'do'} not fit`,
  };
}

function counted(count: number, unit: string): string {
  return count === 1 ? `1 ${unit.replace(/s$/, '')} was` : `${count.toLocaleString('en')} ${unit} were`;
}

/**
 * A name that S3 ever allowed. Today's rules are narrower, but buckets made in us-east-1 before March 2018 may have up to
 * 255 characters, capitals and underscores (S3 User Guide, "General purpose bucket naming rules"). The service checks
 * whether the bucket exists.
 */
export const bucket = text({
  size: sizes.bucket,
  isBlankMissing: true,
  pattern: /^[A-Za-z0-9._-]+$/,
  must: 'be the name of an S3 bucket: 3 to 255 letters, digits, dots, hyphens or underscores',
});
