import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { RelayEnvironmentProvider } from 'react-relay';
import { environment } from './environment';
import { ErrorBoundary } from './error-boundary';
import { Jobs } from './jobs';
import { NewImport } from './new-import';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <RelayEnvironmentProvider environment={environment}>
      <NewImport />
      <ErrorBoundary>
        <Suspense fallback="Loading …">
          <Jobs />
        </Suspense>
      </ErrorBoundary>
    </RelayEnvironmentProvider>
  </StrictMode>,
);
