import { authorization, gatewayUrl } from './gateway';

export interface GraphQLFailure {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; retryAfterMs?: number };
}

export interface Answer<Data> {
  data?: Data | null;
  errors?: GraphQLFailure[];
}

/** Sends one operation. Part of the data may be missing, with an error at its path. */
export async function request<Data>(query: string, variables: object = {}): Promise<Answer<Data>> {
  const response = await fetch(gatewayUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(await authorization()),
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
