/** What the check of a caller's rights keeps for the rest of an operation. */
import { RequestCache } from '@pothos/plugin-scope-auth';

/** Lets go of it, for an operation in which nothing is checked any more: six maps for each of ten thousand subscriptions. */
export function forgetCheckedRights(context: object): void {
  RequestCache.clearForContext(context);
}
