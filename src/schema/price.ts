/** What a field costs beside the jobs in it, in points; a point is a call that it may cause. Each thing with an `id` costs one more. */

/** For a field's `extensions`, where the limit on cost reads it. */
const price = (points: number) => ({ price: points });

/** One more call to a service. */
export const oneCall = price(1);

/** One call to each service. */
export const bothServices = price(2);

/** A write is checked, sent, read again and, where its answer is lost, looked for. */
export const write = price(10);

/** Polled for as long as somebody watches. */
export const endlessWatch = price(20);
