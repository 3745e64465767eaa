/** What a text of the program may hold that nobody should read in a log, told by its form only. */

const shown = '[secret]';

/** Members, parameters and headers by name. `keyId` and the like are covered by `key`. */
const secretName =
  'authorization|cookie|credentials?|pass_?(?:phrase|word)|pin_?code|private_?key|(?:access|api|secret)_?key(?:_?id)?|aws_?access_?key_?id|(?:access|bearer|id|refresh|security|session)_?token|token|secret|session(?:_?id)?|signature|jwt';

/** Lines of a manifest or of a SIGNATURE file: their texts are personal or secret through and through. */
const manifestLine =
  /\b(?:manifestVersion|signingMethod|trueCryptPassword|eraseDevice|returnAddress|notificationEmail|importBucket|exportBucket|logBucket|fileSystem|deviceId|street[1-3]|phoneNumber|postalCode|stateOrProvince)["']?\s*:/i;

type Replacement = string | ((match: string, ...groups: string[]) => string);

/** In this order: what a later one would cut in two comes first. */
const forms: readonly (readonly [RegExp, Replacement])[] = [
  [/-----BEGIN [\w ]{1,40}-----[\s\S]*?(?:-----END [\w ]{1,40}-----|$)/g, shown],
  // Of an address nothing is left behind its path, nor a user's name before its host.
  [/\b([a-z][a-z\d+.-]{1,20}:\/\/)[^\s/?#@"'<>]{1,256}@/gi, `$1${shown}@`],
  [/\b([a-z][a-z\d+.-]{1,20}:\/\/[^\s?#"'<>]{1,2048})[?#][^\s"'<>]*/gi, `$1?${shown}`],
  [/\b(?:authorization|proxy-authorization|cookie|set-cookie)\b["'\\]{0,8}\s?[:=][^\r\n]*/gi, shown],
  [/\bAWS4-HMAC-SHA256\b[^\r\n]*/g, shown],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, shown],
  [/(?:X-Amz-[\w-]{1,40}|Signature|AWSAccessKeyId|Key-Pair-Id|Policy)(?:=|%3D)[^&\s"'<>]+/gi, shown],
  [/\b(?:A3T|AGPA|AIDA|AIPA|AKI[AD]|ANPA|ANVA|AROA|ASIA)[A-Z\d]{7,}/g, shown],
  [/\bwbt_[\w-]*/g, shown],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, shown],
  [/(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}/gi, shown],
  [/(?<![\w.:/-])\+?[(\d][\d ().-]{5,24}\d(?!\w)/g, (match) => (isPhoneNumber(match) ? shown : match)],
  [new RegExp(`\\b[\\w-]{0,40}(?:${secretName})["'\\\\]{0,8}\\s{0,8}[:=]\\s{0,8}[^\\s,;&}]{1,4096}`, 'gi'), shown],
  // A secret access key, and anything longer of its alphabet that is no path.
  [/(?<![\w/+.-])(?<!:(?=\/))(?=[^\s]{0,200}?\d)(?=[^\s]{0,200}?[A-Z])[A-Za-z\d/+]{40,}={0,2}(?![\w/+=])/g, shown],
];

/** `text` with everything of a secret's form replaced. Takes a text of up to some ten thousand characters. */
export function scrubbed(text: string): string {
  const decoded = percentDecoded(text);
  const scrubbedDecoded = decoded === text ? text : scrubbedPlain(decoded);
  // What is encoded hides its form; where the plain text has none, the text is left as it was written.
  return scrubbedDecoded === decoded ? scrubbedPlain(text) : scrubbedDecoded;
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => Buffer.from(encoded.replaceAll('%', ''), 'hex').toString());
}

function scrubbedPlain(text: string): string {
  if (manifestLine.test(text)) return '[manifest]';
  return forms.reduce((rest, [form, replacement]) => rest.replace(form, replacement as string), text);
}

/** Members whose values are put together by the log itself, of digits and words that might look like something else. */
const ownMembers = new Set(['time', 'level', 'document', 'caller', 'kind', 'transport']);

const wholeSecretName = new RegExp(`(?:${secretName}|manifest)$`, 'i');

/** Whether what stands under `name` is secret whatever it is: a text, a number or a whole object. */
export function isSecretName(name: string): boolean {
  return wholeSecretName.test(name);
}

/** A text of JSON, with the colon behind it where it names a member. */
const jsonText = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** One line of JSON, scrubbed text by text, so that it stays JSON; a text under a secret name goes whatever its form. */
export function scrubbedJson(line: string): string {
  let member = '';
  return line.replace(jsonText, (literal: string, colon: string | undefined) => {
    if (colon !== undefined) {
      member = textOf(literal.slice(0, -colon.length));
      return `${JSON.stringify(scrubbed(member))}:`;
    }
    if (ownMembers.has(member)) return literal;
    return JSON.stringify(isSecretName(member) ? shown : scrubbed(textOf(literal)));
  });
}

function textOf(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return shown;
  }
}

/** Nine digits or more are no port, no version and no date; an address of IPv4 is none either. */
function isPhoneNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 15 && !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text);
}
