/** AWS signature version 4 for Import/Export, as botocore and the AWS CLI make it. */
import { Hash } from '@smithy/hash-node';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { encodedQuery, type Parameter } from './query.ts';
import { formContentType, type SignedForm, type SigningContext } from './signature.ts';

/** The scope that botocore signs for, whatever its configured region. */
const scope = { service: 'IngestionService', region: 'us-east-1' };

/** Signs in headers: the form holds only the parameters of the call, in their order and with `+` for a space. */
export async function signV4(parameters: readonly Parameter[], context: SigningContext): Promise<SignedForm> {
  const body = encodedQuery(parameters).replaceAll('%20', '+');
  const request = new HttpRequest({
    method: 'POST',
    path: context.endpoint.pathname,
    headers: { host: context.endpoint.host, 'content-type': formContentType },
    body,
  });
  const signer = new SignatureV4({
    ...scope,
    credentials: context.key,
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
  });
  const { headers } = await signer.sign(request, { signingDate: context.signedAt });
  // The transport derives the same Host from the address.
  const { host: _host, ...sentHeaders } = headers;
  return { headers: sentHeaders, body };
}
