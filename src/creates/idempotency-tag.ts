/** The tag by which a data set or revision of Data Exchange is linked to the create that has made it. */

/** AWS reserves the beginning `aws:` only. */
export const tagKey = 'waybill:idempotency-key';

/** From the mark of a create, an HMAC in base64url, whose characters all tags may have. */
export function tagFrom(mark: string): string {
  return mark.slice(0, 32);
}

export function tagsFrom(mark: string | undefined): Readonly<Record<string, string>> {
  return mark === undefined ? {} : { [tagKey]: tagFrom(mark) };
}
