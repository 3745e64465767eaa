/**
 * The prices of fields, in points: a point is a call that the field may cause. Each object with an `id` costs one more.
 */

import { walkedMembers } from '../model/job-filter.ts';
import { maxWalkCalls } from '../resolvers/walk-budget.ts';

/** For a field's `extensions`, from which the cost limit reads it. */
const price = (points: number) => ({ price: points });

/** One more call to a service. */
export const oneCall = price(1);

/** A page of each of the two lists of data sets. */
export const bothLists = price(2);

/** For the `extensions` of a list of at most this many items, each of which may cause calls. */
export const upTo = (items: number) => ({ items });

/** One call to each service. */
export const bothServices = price(2);

/** A list of jobs with a `filter`: a walk costs its whole budget, whatever the number of jobs. */
export const filteredJobs = { filterPrice: { points: maxWalkCalls, members: walkedMembers } };

/** The gateway checks and sends a write and reads the job again; if the answer is lost, it searches for the job. */
export const write = price(10);

/** The same, after a read of another job. */
export const writeAfterRead = price(11);

/** Reads the revision twice, ten pages of its jobs, three of these and a page of its assets, and sends a write. */
export const publication = price(17);

/** Polls for as long as the subscription lasts. */
export const endlessWatch = price(20);
