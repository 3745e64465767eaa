/** The frame of every page: who is connected to what, and where to go. */
import { lazy, Suspense } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import { useConnectionStatus } from 'waybill-client/react';
import { Link, Route, Router, Switch } from 'wouter-preact';
import { useHashLocation } from 'wouter-preact/use-hash-location';
import type { Answer } from './gateway.ts';
import { JobPage } from './job/job-page.tsx';
import { JobsPage } from './jobs/jobs-page.tsx';
import { live } from './live.ts';
import { Announcer } from './parts/announcer.tsx';
import { signOut, token } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { readViewer, type Viewer } from './viewer.ts';

/** The forms with the words of the schema are as large as the rest: they come when somebody creates a job. */
const NewPage = lazy(() => import('./create/new-page.tsx'));

export function App() {
  const [viewer, setViewer] = useState<Viewer | Answer<unknown> | Error | undefined>();
  const read = (): void => {
    readViewer().then(setViewer, (error: unknown) => setViewer(error instanceof Error ? error : new Error('?')));
  };
  useEffect(read, []);
  // Paths are behind a #, so that the board works below any path of a proxy.
  return (
    <Router hook={useHashLocation}>
      <Announcer />
      {viewer === undefined ? (
        <p class="opening">Asking the gateway who you are</p>
      ) : viewer instanceof Error ? (
        <Unreachable onRetry={read} />
      ) : 'gateway' in viewer ? (
        <Board viewer={viewer} />
      ) : (
        <SignIn answer={viewer} onSignIn={read} />
      )}
    </Router>
  );
}

function Unreachable({ onRetry }: { readonly onRetry: () => void }) {
  useEffect(() => {
    const timer = setTimeout(onRetry, 3_000);
    return () => clearTimeout(timer);
  });
  return (
    <main class="opening">
      <p role="alert">The gateway does not answer. Trying again every three seconds.</p>
    </main>
  );
}

function Board({ viewer }: { readonly viewer: Viewer }) {
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header>
        <Link href="/" class="brand">
          Waybill
        </Link>
        <nav aria-label="Main">
          <Link href="/">Jobs</Link>
          {viewer.mayWrite && <Link href="/new">New job</Link>}
        </nav>
        <Connection />
        <Badge viewer={viewer} />
        {token() !== undefined && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              signOut();
              location.reload();
            }}
          >
            Sign out
          </button>
        )}
      </header>
      <main id="main" tabIndex={-1}>
        <Switch>
          <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} viewer={viewer} />}</Route>
          <Route path="/new/:kind?">
            {({ kind }) => (
              <Suspense fallback={<p class="opening">Fetching the forms</p>}>
                <NewPage name={kind} viewer={viewer} />
              </Suspense>
            )}
          </Route>
          <Route>
            <JobsPage viewer={viewer} />
          </Route>
        </Switch>
      </main>
    </>
  );
}

const connectionWords = {
  connecting: 'Connecting',
  live: 'Live',
  'catching-up': 'Catching up',
  reconnecting: 'Connection lost, trying again',
  offline: 'No network',
  stale: 'Some jobs may be out of date',
};

function Connection() {
  const status = useConnectionStatus(live);
  return (
    <p class={`connection connection-${status}`} role="status">
      {connectionWords[status]}
    </p>
  );
}

/** Nobody should take the emulator for the account, or one region for another. */
function Badge({ viewer: { gateway, mayWrite } }: { readonly viewer: Viewer }) {
  return (
    <p class={`badge badge-${gateway.backend.toLowerCase()}`} title={`Waybill ${gateway.version}`}>
      {gateway.backend === 'EMULATOR' ? 'Emulator' : 'AWS'} · {gateway.region}
      {!mayWrite && ' · read only'}
    </p>
  );
}
