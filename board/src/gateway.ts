/** How the board asks the gateway. Addresses are relative to the page, below whatever path a proxy serves it. */
import type { Document, ResultOf, VariablesOf } from './graphql.ts';
import { doubtToken, token } from './session.ts';

export const graphqlUrl = new URL('graphql', document.baseURI).href;

export interface Failure {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly scope?: string; readonly retryable?: boolean };
}

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly Failure[];
}

/** As `ask`. A token that has expired under an open page is doubted at once, so that somebody can sign in again. */
export async function request<Of extends Document>(
  query: Of,
  variables: VariablesOf<Of>,
): Promise<Answer<ResultOf<Of>>> {
  const answer = await ask(query, variables);
  if (codeOf(answer) === 'UNAUTHENTICATED') doubtToken();
  return answer;
}

/** Sends one operation. Part of the data may be missing, with an error at its path. Rejects without an answer. */
export async function ask<Of extends Document>(query: Of, variables: VariablesOf<Of>): Promise<Answer<ResultOf<Of>>> {
  const bearer = token();
  const response = await fetch(graphqlUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

/** The code of the first error, by which a page decides what to say. */
export function codeOf({ errors }: Answer<unknown>): string | undefined {
  return errors?.[0]?.extensions?.code;
}
