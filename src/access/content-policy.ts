/** In which forms an operation may arrive over HTTP. */
import { createGraphQLError, type Plugin, type YogaInitialContext } from 'graphql-yoga';

/** A browser asks with a preflight before it sends this header for a page of another site. Yoga's name for it. */
export const csrfHeader = 'x-graphql-yoga-csrf';

export interface ContentPolicyOptions {
  /** Whether a query may come by GET at all. */
  readonly takesGet: boolean;
}

/**
 * Only JSON, a header that no form can set on every GET, and no subscription by GET.
 *
 * A page of any other site can make a browser send a form, load an image or open an event stream without asking first; it
 * cannot do so with JSON. Yoga takes all of them and has no switch for it.
 */
export function useContentPolicy({ takesGet }: ContentPolicyOptions): Plugin<YogaInitialContext> {
  return {
    onRequestParse({ request, url }) {
      if (request.method === 'POST' && mediaTypeOf(request) !== 'application/json') {
        throw refusal(415, 'Content-Type: expected application/json.');
      }
      if (request.method !== 'GET') return;
      if (!takesGet) throw refusal(405, 'Operations go by POST.', { allow: 'POST' });
      if (!request.headers.has(csrfHeader))
        throw refusal(403, `Expected the header ${csrfHeader} on a GET, with any value.`);
      for (const name of ['variables', 'extensions']) {
        if (!isJson(url.searchParams.get(name) ?? '{}')) throw refusal(400, `${name}: expected JSON.`);
      }
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue as Partial<YogaInitialContext>;
      if (request?.method !== 'GET') return;
      const error = refusal(405, 'Subscriptions over Server-Sent Events go by POST.', { allow: 'POST' });
      setResultAndStopExecution({ errors: [error] });
    },
  };
}

function mediaTypeOf(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  return createGraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status, headers } } });
}
