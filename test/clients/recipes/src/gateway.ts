export const gatewayUrl: string = import.meta.env.VITE_WAYBILL_URL ?? 'http://127.0.0.1:4000/graphql';

/** Your login. A gateway without authentication takes callers without a token. */
export async function authorization(): Promise<Record<string, string>> {
  const token = sessionStorage.getItem('token');
  return token === null ? {} : { authorization: `Bearer ${token}` };
}
