/** The tags of data sets and revisions, within the rules of all of AWS (AWS General Reference, "Tagging your AWS resources"). */
import { z } from 'zod';

export type Tags = Readonly<Record<string, string>>;

const maxTags = 50;

const allowed = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;
const allowedHint = 'may have letters, digits, spaces and _.:/=+-@';

const tagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(allowed, allowedHint)
  .refine((key) => !/^aws:/i.test(key), 'must not begin with aws:');

const tagValue = z.string().max(256).regex(allowed, allowedHint);

export const tagsForm = z
  .record(tagKey, tagValue)
  .refine((tags) => Object.keys(tags).length <= maxTags, `a resource has at most ${maxTags} tags`);

/** Whether the body of a request gives its resource tags: those of a create or of TagResource. */
export function givesTags(body: Uint8Array): boolean {
  const { Tags, tags } = membersIn(body);
  return [Tags, tags].some((given) => typeof given === 'object' && given !== null && Object.keys(given).length > 0);
}

function membersIn(body: Uint8Array): { readonly Tags?: unknown; readonly tags?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
