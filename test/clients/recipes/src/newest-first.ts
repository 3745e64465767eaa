/**
 * Where a job that has just been heard of belongs in a list, newest first. Undefined if it is older than all that is
 * shown and the list goes on: then it comes with its page.
 */
export function placeOf(
  { createdAt }: { createdAt: string },
  shown: readonly ({ createdAt: string } | null | undefined)[],
  hasMore: boolean,
): number | undefined {
  // The gateway writes all instants in one form, so that their texts sort.
  const place = shown.findIndex((job) => job && job.createdAt < createdAt);
  if (place >= 0) return place;
  return hasMore ? undefined : shown.length;
}
