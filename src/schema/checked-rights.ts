/** Clears the scope-auth plugin's cache of checked rights. */
import { RequestCache } from '@pothos/plugin-scope-auth';

/** For an operation that checks nothing more: the cache has six maps for each of ten thousand subscriptions. */
export function forgetCheckedRights(context: object): void {
  RequestCache.clearForContext(context);
}
