/** AWS signature version 4 for Import/Export, as botocore and the AWS CLI make it. */
import { createHeaderSigner, sha256 } from '../calls/sigv4.ts';
import { encodedQuery, type Parameter } from './query.ts';
import { formContentType, type SignedForm, type SigningContext } from './signature.ts';

/** The scope that botocore signs for, whatever its configured region. */
const signHeaders = createHeaderSigner({ service: 'IngestionService', region: 'us-east-1' });

/** Signs in headers: the form holds only the parameters of the call, in their order and with `+` for a space. */
export async function signV4(
  parameters: readonly Parameter[],
  { endpoint, key, signedAt }: SigningContext,
): Promise<SignedForm> {
  const body = encodedQuery(parameters).replaceAll('%20', '+');
  const request = {
    method: 'POST',
    path: endpoint.pathname,
    query: '',
    headers: { host: endpoint.host, 'content-type': formContentType },
    bodyHash: sha256(body),
  };
  const { host: _host, ...sentHeaders } = signHeaders(request, key, signedAt);
  // The transport derives the same Host from the address.
  return { headers: sentHeaders, body };
}
