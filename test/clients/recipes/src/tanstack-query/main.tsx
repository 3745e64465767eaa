import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Jobs } from './jobs';
import { NewImport } from './new-import';

const queryClient = new QueryClient();

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <NewImport />
      <Jobs />
    </QueryClientProvider>
  </StrictMode>,
);
