import { ApolloProvider } from '@apollo/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { client } from './client';
import { Jobs } from './jobs';
import { NewImport } from './new-import';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <ApolloProvider client={client}>
      <NewImport />
      <Jobs />
    </ApolloProvider>
  </StrictMode>,
);
