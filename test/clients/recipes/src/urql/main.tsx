import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { client } from './client';
import { Jobs } from './jobs';
import { NewImport } from './new-import';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <Provider value={client}>
      <NewImport />
      <Jobs />
    </Provider>
  </StrictMode>,
);
