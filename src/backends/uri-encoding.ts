/** Percent-encoding by RFC 3986, as both signature versions want it. */

/** `text` as UTF-8 with all but `A–Z a–z 0–9 - _ . ~` written as `%XY`. Throws `URIError` for half a surrogate pair. */
export function uriEncoded(text: string): string {
  return encodeURIComponent(text).replace(bareCharacters, percentForm);
}

/** `encodeURIComponent` leaves them as they are, but RFC 3986 reserves them. */
const bareCharacters = /[!'()*]/g;

function percentForm(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
