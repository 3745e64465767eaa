/** Media types as `Content-Type` and `Accept` name them (RFC 9110, section 8.3.1; read as the WHATWG's MIME Sniffing Standard says). */
import { MIMEType } from 'node:util';

export interface MediaType {
  /** In lower case, such as `application/json`. */
  readonly essence: string;
  /** Whether its text is in UTF-8, which is so where nothing is said of it. */
  readonly isUtf8: boolean;
}

/** Undefined where `text` is none. */
export function mediaTypeFrom(text: string): MediaType | undefined {
  try {
    const { essence, params } = new MIMEType(text);
    const charset = params.get('charset')?.toLowerCase() ?? 'utf-8';
    return { essence, isUtf8: charset === 'utf-8' || charset === 'utf8' };
  } catch {
    return undefined;
  }
}

/** Whether a header `Accept`, which may be absent, names `essence` or a range that it is in. */
export function accepts(accept: string | null, essence: string): boolean {
  const ranges = ['*/*', `${essence.split('/')[0]}/*`, essence];
  return (accept ?? '*/*').split(',').some((each) => {
    const range = mediaTypeFrom(each);
    return range?.isUtf8 === true && ranges.includes(range.essence);
  });
}
