/** The client of the catalog: data sets, revisions and assets. Shares its calls with the client of the jobs. */
import type { CatalogBackend } from '../../catalog-backend.ts';
import { createAnswerReader, type OnUnknown } from './catalog-answer.ts';
import { type CatalogReaderOptions, createCatalogReader } from './catalog-reader.ts';
import { type CatalogWriterOptions, createCatalogWriter } from './catalog-writer.ts';

export interface CatalogClientOptions
  extends Omit<CatalogReaderOptions, 'answers'>,
    Omit<CatalogWriterOptions, 'answers' | 'reader'> {
  readonly onUnknown: OnUnknown;
}

export function createCatalogClient({ onUnknown, ...options }: CatalogClientOptions): CatalogBackend {
  const answers = createAnswerReader(onUnknown);
  const reader = createCatalogReader({ ...options, answers });
  return { ...reader, ...createCatalogWriter({ ...options, answers, reader }) };
}
