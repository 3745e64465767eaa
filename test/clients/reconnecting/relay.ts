import {
  type ConcreteRequest,
  Environment,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import type { Event } from './events.ts';
import type { Read } from './libraries.ts';
import { compiledSubscriptions } from './relay-artifacts.ts';

const never = (): never => {
  throw new Error('Only subscriptions are expected.');
};

export const readByRelay: Read = (client, { query, variables, onEvent, onError, onComplete }) => {
  const network = Network.create(never, ({ text, name }, values) =>
    Observable.create((sink) =>
      client.subscribe(
        { query: text ?? '', operationName: name, variables: values },
        { ...sink, next: (result) => sink.next(result as Parameters<typeof sink.next>[0]) },
      ),
    ),
  );
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const field = query.includes('jobActivity') ? 'jobActivity' : 'jobStateChanged';
  const subscription: ConcreteRequest = compiledSubscriptions()[field];
  const { dispose } = requestSubscription<{ variables: object; response: Record<string, Event> }>(environment, {
    subscription,
    variables,
    onNext: (response) => {
      for (const event of Object.values(response ?? {})) onEvent(event);
    },
    onError,
    onCompleted: onComplete,
  });
  return dispose;
};
