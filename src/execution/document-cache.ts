/** Which documents are kept parsed, so that whoever sends many different ones does not fill the memory? */
import type { DocumentNode } from 'graphql';
import { _createLRUCache as createLRUCache } from 'graphql-yoga';

/** A document of a thousand tokens takes 0.4 MB when parsed; Yoga would keep a thousand, and as many faults with their texts. */
const maxDocuments = 128;
const maxTextLength = 16_384;

/** For Yoga's option `parserAndValidationCache`: the documents used last, none with a long text, and no faults. */
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
