/** What creates make, as messages name it. Pure data. */

export type Creatable = 'data set' | 'job' | 'revision';

/** Where a caller can look for one whose answer was lost. */
export const lookIn: Readonly<Record<Creatable, string>> = {
  'data set': '`dataSets`',
  job: '`jobs`',
  revision: 'the `revisions` of its data set',
};
