/** A page of React, in strict mode, that shows the jobs of a store. Run by `react.client.ts`. */
import { createClient } from 'graphql-ws';
import { createElement, type ReactElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { resumable } from 'waybill-client';
import { useConnectionStatus, useJob, useJobs, useJobsState } from 'waybill-client/react';
import { jobStore } from 'waybill-client/store';

const client = resumable(createClient({ url: location.hash.slice(1), retryAttempts: 0 }), { toleranceMs: 100 });
const store = jobStore(client);

/** How often each part was rendered. */
const renders: Record<string, number> = {};
Object.assign(globalThis, { renders });

function count(part: string): void {
  renders[part] = (renders[part] ?? 0) + 1;
}

function Row({ id }: { readonly id: string }): ReactElement {
  const job = useJob(store, id);
  count(id);
  return createElement('li', { id }, job?.state ?? 'none');
}

function Table(): ReactElement {
  const jobs = useJobs(store);
  const { isLoaded } = useJobsState(store);
  count('table');
  return createElement(
    'ul',
    null,
    ...[...jobs.keys()].map((id) => createElement(Row, { key: id, id })),
    isLoaded ? 'loaded' : 'loading',
  );
}

/** Rows by themselves, which render when their own job changes. */
function Rows({ ids }: { readonly ids: readonly string[] }): ReactElement {
  count('rows');
  return createElement('ul', null, ...ids.map((id) => createElement(Row, { key: id, id })));
}

function Status(): ReactElement {
  return createElement('p', { id: 'status' }, useConnectionStatus(client));
}

function Page(): ReactElement {
  const [shown, show] = useState('table');
  Object.assign(globalThis, { show });
  const body =
    shown === 'table' ? createElement(Table) : shown === 'rows' ? createElement(Rows, { ids: ['a', 'b'] }) : null;
  return createElement('main', null, createElement(Status), body);
}

createRoot(document.body).render(createElement(StrictMode, null, createElement(Page)));
