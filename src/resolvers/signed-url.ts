/** The signed URL of a Data Exchange job. */
import type { SignedUrlDetails } from '../model/data-exchange-job.ts';
import type { SignedUrl } from '../model/data-exchange-job-types/parts.ts';
import type { Context } from './context.ts';

/** The URL of the details, or else that of GetJob; null once it has expired. */
export async function signedUrl(
  details: SignedUrlDetails,
  _args: unknown,
  context: Context,
): Promise<SignedUrl | null> {
  const url = details.signedUrl === undefined ? await currentUrl(details.awsJobId, context) : details.signedUrl;
  return url !== null && url.expiresAt.getTime() > context.now() ? url : null;
}

async function currentUrl(awsJobId: string, context: Context): Promise<SignedUrl | null> {
  const { details } = await context.loaders.dataExchangeJobWithUrl.load(awsJobId);
  return details !== null && 'signedUrl' in details ? (details.signedUrl ?? null) : null;
}
