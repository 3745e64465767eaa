/** In which forms an operation may arrive over HTTP. */
import { createGraphQLError, type Plugin } from 'graphql-yoga';

/**
 * Only JSON, and no stream by GET.
 *
 * A page of any other site can make a browser send a form, or open an event stream, without asking first; it cannot do so
 * with JSON. Yoga takes all of them and has no switch for it.
 */
export function useContentPolicy(): Plugin {
  return {
    onRequestParse({ request }) {
      const contentType = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (request.method === 'POST' && contentType !== 'application/json') {
        throw refusal(415, 'Content-Type: expected application/json.', {});
      }
      if (request.method === 'GET' && request.headers.get('accept')?.includes('text/event-stream')) {
        throw refusal(405, 'Subscriptions over Server-Sent Events go by POST.', { allow: 'POST' });
      }
    },
  };
}

function refusal(status: number, message: string, headers: Readonly<Record<string, string>>): Error {
  return createGraphQLError(message, { extensions: { http: { status, headers } } });
}
