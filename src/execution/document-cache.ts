/** Bounds the cache of parsed documents, so that a client with many different ones cannot fill the memory. */
import type { DocumentNode } from 'graphql';
import { _createLRUCache as createLRUCache } from 'graphql-yoga';

/**
 * A document of a thousand tokens takes 0.4 MB when parsed. Yoga's default cache holds a thousand documents, and as
 * many errors with their texts.
 */
const maxDocuments = 128;
const maxTextLength = 16_384;

/** For Yoga's option `parserAndValidationCache`: keeps the documents used last, except those with a long text, and no errors. */
export function documentCache() {
  const documents = createLRUCache<DocumentNode>({ max: maxDocuments });
  return {
    documentCache: {
      get: (text: string) => documents.get(text),
      set: (text: string, document: DocumentNode) => {
        if (text.length <= maxTextLength) documents.set(text, document);
      },
    },
    errorCache: { get: () => undefined, set: () => {} },
  };
}
