/** The frame of every page. */
import { useEffect, useState } from 'preact/hooks';
import { Link, Route, Router, Switch } from 'wouter-preact';
import { useHashLocation } from 'wouter-preact/use-hash-location';
import { LeftForms } from './create/left-forms.tsx';
import type { Answer } from './gateway.ts';
import { Header } from './header.tsx';
import { HiddenUploads } from './job/hidden-uploads.tsx';
import { JobPage } from './job/job-page.tsx';
import { JobsPage } from './jobs/jobs-page.tsx';
import { Announcer } from './parts/announcer.tsx';
import { Heading } from './parts/heading.tsx';
import { later } from './parts/later.tsx';
import { onDoubtfulToken } from './session.ts';
import { SignIn } from './sign-in.tsx';
import { readViewer, type Viewer } from './viewer.ts';

/** The forms with the words of the schema are as large as the rest: they come when somebody opens one. */
const NewPage = later('form', () => import('./create/new-page.tsx'));
const ManifestPage = later('form', () => import('./create/manifest-page.tsx'));
const LabelPage = later('form', () => import('./create/label-page.tsx'));

export function App() {
  const [viewer, setViewer] = useState<Viewer | Answer<unknown> | Error | undefined>();
  const read = (): void => {
    readViewer().then(setViewer, (error: unknown) => setViewer(error instanceof Error ? error : new Error('?')));
  };
  useEffect(() => {
    read();
    // A token that has expired meanwhile: what is shown stays until the gateway has said so.
    return onDoubtfulToken(() => {
      readViewer().then(
        (answer) => 'gateway' in answer || setViewer(answer),
        () => {},
      );
    });
  }, []);
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
      <Heading title="No answer" />
      <p role="alert">The gateway does not answer. The page asks again every three seconds.</p>
    </main>
  );
}

function Board({ viewer }: { readonly viewer: Viewer }) {
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        To the content
      </button>
      <Header viewer={viewer} />
      <main id="main" tabIndex={-1}>
        <HiddenUploads />
        <LeftForms />
        <Switch>
          <Route path="/">
            <JobsPage viewer={viewer} />
          </Route>
          <Route path="/jobs/:id">{({ id }) => <JobPage key={id} id={id} viewer={viewer} />}</Route>
          <Route path="/jobs/:id/manifest/:kind?">
            {({ id, kind }) => <ManifestPage key={id} id={id} name={kind} viewer={viewer} />}
          </Route>
          <Route path="/jobs/:id/label">{({ id }) => <LabelPage key={id} id={id} viewer={viewer} />}</Route>
          <Route path="/new/:kind?">{({ kind }) => <NewPage name={kind} viewer={viewer} />}</Route>
          <Route>
            <NoSuchPage />
          </Route>
        </Switch>
      </main>
    </>
  );
}

function NoSuchPage() {
  return (
    <section class="empty">
      <Heading title="No such page" />
      <p>The address leads nowhere on this board.</p>
      <Link href="/">All jobs</Link>
    </section>
  );
}
