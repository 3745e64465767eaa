/** Classifies a response by the codes that a program would decide by. */

export interface GraphqlReply {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

interface Payload {
  readonly job?: { readonly id: string; readonly awsJobId: string } | null;
  readonly userErrors?: readonly { readonly code: string }[];
  readonly pageInfo?: { readonly endCursor: string | null };
}

export interface Outcome {
  /** `answered`, or the codes of its errors. */
  readonly text: string;
  readonly isRefused: boolean;
  /** Errors that neither a fault of a service, nor the caller, nor the load explains. Refusals in the calm have a figure of their own. */
  readonly isInternal: boolean;
}

export function outcomeOf(status: number, reply: GraphqlReply): Outcome {
  const errors = [...new Set(reply.errors?.map(({ extensions }) => extensions?.code ?? 'no code'))];
  const userErrors = [...new Set(payloadOf(reply)?.userErrors?.map(({ code }) => `user error ${code}`))];
  const codes = [...errors, ...userErrors].sort();
  const isRefused = codes.length > 0;
  const words = [...(status === 200 ? [] : [`HTTP ${status}`]), ...codes];
  return {
    text: words.length === 0 ? 'answered' : words.join(' '),
    isRefused,
    isInternal: (status >= 500 && !errors.includes('OVERLOADED')) || errors.includes('INTERNAL_SERVER_ERROR'),
  };
}

/** The root field of a mutation or of a page. */
export function payloadOf({ data }: GraphqlReply): Payload | undefined {
  const [first] = Object.values(data ?? {});
  return typeof first === 'object' && first !== null ? first : undefined;
}
