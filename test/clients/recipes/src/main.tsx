import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Jobs } from './jobs';
import { NewImport } from './new-import';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <NewImport />
    <Jobs />
  </StrictMode>,
);
