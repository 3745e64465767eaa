/** The fields of details that lead to what a job is about. */
import { linkedAsset, linkedDataSet, linkedRevision } from '../../resolvers/catalog-links.ts';
import { Asset, DataSet, Revision } from '../catalog/refs.ts';
import { readingCatalog } from '../rights.ts';

const whenNull =
  'Null if the job does not name it, if it was deleted, and if the account may not read it any more; null with an error at its path if it could not be read. Needs the scope `catalog:read`.';

/** The options of `dataSet`, beside `dataSetId`. */
export const dataSetLink = {
  extensions: readingCatalog,
  type: DataSet,
  nullable: true,
  description: `The data set the job reads from or writes to. ${whenNull} All that an operation asks for at once are read together: up to five by one read each; more by pages of the list, 200 a page, while a page has two of them or more, and the rest by one read each. So a page of jobs costs at most one call for each data set and two pages besides.`,
  resolve: linkedDataSet,
} as const;

/** The options of `revision`, beside `revisionId`. */
export const revisionLink = {
  extensions: readingCatalog,
  type: Revision,
  nullable: true,
  description: `The revision with this \`revisionId\`. ${whenNull} Read together as \`dataSet\` is, those of each data set: up to two by one read each, more by pages of its list.`,
  resolve: linkedRevision,
} as const;

/** The options of `asset`, beside `assetId`. */
export const assetLink = {
  extensions: readingCatalog,
  type: Asset,
  nullable: true,
  description: `The asset with this \`assetId\`. ${whenNull} Read together as \`dataSet\` is, those of each revision: up to two by one read each, more by pages of its list.`,
  resolve: linkedAsset,
} as const;
