/**
 * Parses media types of `Content-Type` and `Accept` (RFC 9110, section 8.3.1; parsed by the WHATWG's MIME Sniffing
 * Standard).
 */
import { MIMEType } from 'node:util';

export interface MediaType {
  /** In lower case, such as `application/json`. */
  readonly essence: string;
  /** Whether the charset is UTF-8, which is the default. */
  readonly isUtf8: boolean;
}

/** Undefined if `text` is not a media type. */
export function mediaTypeFrom(text: string): MediaType | undefined {
  try {
    const { essence, params } = new MIMEType(text);
    const charset = params.get('charset')?.toLowerCase() ?? 'utf-8';
    return { essence, isUtf8: charset === 'utf-8' || charset === 'utf8' };
  } catch {
    return undefined;
  }
}

/** Whether the header `Accept` names `essence` or a range that contains it. An absent header accepts everything. */
export function accepts(accept: string | null, essence: string): boolean {
  const ranges = ['*/*', `${essence.split('/')[0]}/*`, essence];
  return (accept ?? '*/*').split(',').some((each) => {
    const range = mediaTypeFrom(each);
    return range?.isUtf8 === true && ranges.includes(range.essence);
  });
}
