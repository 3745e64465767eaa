import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  Store,
  type SubscribeFunction,
} from 'relay-runtime';
import { authorization, gatewayUrl } from '../gateway';
import { live } from '../live';

const fetchQuery: FetchFunction = async ({ text }, variables) => {
  const response = await fetch(gatewayUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...(await authorization()),
    },
    body: JSON.stringify({ query: text, variables }),
  });
  const answer = await response.json();
  // Otherwise Relay throws, with its own words around those of the gateway.
  if (!answer.data) throw Object.assign(new Error(answer.errors?.[0]?.message), { source: answer });
  return answer;
};

const subscribe: SubscribeFunction = ({ text }, variables) =>
  Observable.create((sink) =>
    live.subscribe(
      { query: text ?? '', variables },
      {
        ...sink,
        next: (result) => sink.next(result as GraphQLResponse),
        error: (failure) => sink.error(errorFrom(failure)),
      },
    ),
  );

function errorFrom(failure: unknown): Error {
  return Array.isArray(failure) ? failure[0] : new Error('The subscription has ended.');
}

export const environment = new Environment({
  network: Network.create(fetchQuery, subscribe),
  store: new Store(new RecordSource()),
  // The event that a job is gone has the `id` of the job, and is not the job.
  getDataID: ({ id, cursor }, typeName) => (typeName === 'JobGone' ? cursor : id),
});
