/** Removes secrets from texts by their form. */

/** What a secret is replaced by. */
export const placeholder = '[secret]';

/** Names of members, parameters and headers. `key` also covers `keyId` and the like. */
const secretName =
  'authorization|cookie|credentials?|pass_?(?:phrase|word)|pin_?code|private_?key|(?:access|api|secret)_?key(?:_?id)?|aws_?access_?key_?id|(?:access|bearer|id|refresh|security|session)_?token|token|secret|session(?:_?id)?|signature|jwt';

/** Lines of a manifest or a SIGNATURE file: the whole text is personal or secret. */
const manifestLine =
  /\b(?:manifestVersion|signingMethod|trueCryptPassword|eraseDevice|returnAddress|notificationEmail|importBucket|exportBucket|logBucket|fileSystem|deviceId|street[1-3]|phoneNumber|postalCode|stateOrProvince)["']?\s*:/i;

type Replacement = string | ((match: string, ...groups: string[]) => string);

/** In this order: a pattern must not cut what a later one would match. */
const patterns: readonly (readonly [RegExp, Replacement])[] = [
  [/-----BEGIN [\w ]{1,40}-----[\s\S]*?(?:-----END [\w ]{1,40}-----|$)/g, placeholder],
  // From a URL remove everything after the path, and the user before the host.
  [/\b([a-z][a-z\d+.-]{1,20}:\/\/)[^\s/?#@"'<>]{1,256}@/gi, `$1${placeholder}@`],
  [/\b([a-z][a-z\d+.-]{1,20}:\/\/[^\s?#"'<>]{1,2048})[?#][^\s"'<>]*/gi, `$1?${placeholder}`],
  [/\b(?:authorization|proxy-authorization|cookie|set-cookie)\b["'\\]{0,8}\s?[:=][^\r\n]*/gi, placeholder],
  [/\bAWS4-HMAC-SHA256\b[^\r\n]*/g, placeholder],
  [/\b(?:Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, placeholder],
  [/(?:X-Amz-[\w-]{1,40}|Signature|AWSAccessKeyId|Key-Pair-Id|Policy)(?:=|%3D)[^&\s"'<>]+/gi, placeholder],
  [/\b(?:A3T|AGPA|AIDA|AIPA|AKI[AD]|ANPA|ANVA|AROA|ASIA)[A-Z\d]{7,}/g, placeholder],
  [/\bwbt_[\w-]*/g, placeholder],
  [/\beyJ[\w-]{6,}(?:\.[\w-]*){0,4}/g, placeholder],
  [/(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,8}/gi, placeholder],
  [/(?<![\w.:/-])\+?[(\d][\d ().-]{5,24}\d(?!\w)/g, (match) => (isPhoneNumber(match) ? placeholder : match)],
  [
    new RegExp(`\\b[\\w-]{0,40}(?:${secretName})["'\\\\]{0,8}\\s{0,8}[:=]\\s{0,8}[^\\s,;&}]{1,4096}`, 'gi'),
    placeholder,
  ],
  // A secret access key, and any longer text of its alphabet that is no path.
  [
    /(?<![\w/+.-])(?<!:(?=\/))(?=[^\s]{0,200}?\d)(?=[^\s]{0,200}?[A-Z])[A-Za-z\d/+]{40,}={0,2}(?![\w/+=])/g,
    placeholder,
  ],
];

/** `text` with everything that has the form of a secret replaced. For texts of up to some ten thousand characters. */
export function scrubbed(text: string): string {
  const decoded = percentDecoded(text);
  const scrubbedDecoded = decoded === text ? text : scrubbedPlain(decoded);
  // Encoding hides the form of a secret. If the decoded text contains none, the text stays as it was written.
  return scrubbedDecoded === decoded ? scrubbedPlain(text) : scrubbedDecoded;
}

function percentDecoded(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => Buffer.from(encoded.replaceAll('%', ''), 'hex').toString());
}

function scrubbedPlain(text: string): string {
  if (manifestLine.test(text)) return '[manifest]';
  return patterns.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement as string), text);
}

const wholeSecretName = new RegExp(`(?:${secretName}|manifest)$`, 'i');

/** Whether every value of a member with this name is secret: a string, a number or a whole object. */
export function isSecretName(name: string): boolean {
  return wholeSecretName.test(name);
}

/** A phone number has 7 to 15 digits. IPv4 addresses and dates are excluded. */
function isPhoneNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '').length;
  return digits >= 7 && digits <= 15 && !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text);
}
