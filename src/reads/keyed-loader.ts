/** Makes DataLoaders of reads that answer by key. */
import DataLoader from 'dataloader';
import { dataExchangePageSize } from '../backends/list-reach.ts';

/**
 * Matches results to keys by id, not by position. Removes a failed key from the cache, so that it can be read again.
 */
export function loaderOf<T>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, T | Error>>,
): DataLoader<string, T> {
  const loader: DataLoader<string, T> = new DataLoader(
    async (ids) => {
      const results = await read(ids);
      return ids.map((id) => {
        const result = results.get(id) ?? new Error('A batched read left out one of its keys.');
        if (result instanceof Error) loader.clear(id);
        return result;
      });
    },
    { maxBatchSize: dataExchangePageSize },
  );
  return loader;
}
