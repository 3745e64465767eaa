/** Writes the SIGNATURE file that a device must contain. */
import { createHmac, randomBytes } from 'node:crypto';

/** The service's secret; clients treat the signature as opaque. */
const secret = randomBytes(20);

/**
 * How version 2.0 was computed is unknown. This is the formula of version 1.0 of 2009, with the service's secret:
 * HMAC-SHA1 of the job id, a line feed and the manifest.
 */
export function signatureOf(jobId: string, manifest: string): string {
  const text = `${jobId}\n${manifest.replaceAll('\r\n', '\n')}`;
  return createHmac('sha1', secret).update(text).digest('base64');
}

/** With a line feed at the end, as in the documented reply to CreateJob. */
export function signatureFileContents(jobId: string, signature: string): string {
  return `version:2.0\nsigningMethod:HmacSHA1\njobId:${jobId}\nsignature:${signature}\n`;
}
