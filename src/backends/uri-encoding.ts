/** Percent-encoding by RFC 3986, as both signature versions require. */

/** `text` as UTF-8 with all but `A–Z a–z 0–9 - _ . ~` written as `%XY`. Throws `URIError` for a lone surrogate. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(bareCharacters, percentForm);
}

/** RFC 3986 reserves these, but `encodeURIComponent` does not encode them. */
const bareCharacters = /[!'()*]/g;

function percentForm(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
