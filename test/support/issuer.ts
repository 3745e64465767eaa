/** A token issuer with keys of jose, published over HTTP on a free loopback port. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

export interface IssuerKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

type CryptoKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

export async function issuerKey(kid: string, alg = 'ES256'): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface Issuer {
  readonly url: URL;
  /** The published keys. */
  readonly keys: IssuerKey[];
  /** The path of each request, in order. */
  readonly requests: string[];
  /** Responds in place of the key set. */
  answer: RequestListener | undefined;
  readonly close: () => Promise<void>;
}

export async function startIssuer(...keys: IssuerKey[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    issuer.requests.push(request.url ?? '');
    if (issuer.answer) return issuer.answer(request, response);
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const url = new URL(`http://127.0.0.1:${port}/keys`);
  const issuer: Issuer = { url, keys, requests: [], answer: undefined, close };
  return issuer;
}

/** A token with `payload`, signed with `key`; `header` has further header members. */
export function signed(
  key: IssuerKey,
  payload: JWTPayload,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const { alg, kid, privateKey } = key;
  return new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
}
