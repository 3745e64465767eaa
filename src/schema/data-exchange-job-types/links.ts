/** The fields of details that lead to what a job is about. */
import { linkedAsset, linkedDataSet, linkedRevision } from '../../resolvers/catalog-links.ts';
import { Asset, DataSet, Revision } from '../catalog/refs.ts';
import { readingCatalog } from '../rights.ts';

const asLink =
  'Null if the job does not name it, if it was deleted, or if the account may not read it any more; null with an error at its path if it could not be read. Needs the scope `catalog:read`. Costs one read at most; many are read together, as `DataExchangeJobDetails` says.';

/** The options of `dataSet`, beside `dataSetId`. */
export const dataSetLink = {
  extensions: readingCatalog,
  type: DataSet,
  nullable: true,
  description: `The data set with this \`dataSetId\`. ${asLink}`,
  resolve: linkedDataSet,
} as const;

/** The options of `revision`, beside `revisionId`. */
export const revisionLink = {
  extensions: readingCatalog,
  type: Revision,
  nullable: true,
  description: `The revision with this \`revisionId\`. ${asLink}`,
  resolve: linkedRevision,
} as const;

/** The options of `asset`, beside `assetId`. */
export const assetLink = {
  extensions: readingCatalog,
  type: Asset,
  nullable: true,
  description: `The asset with this \`assetId\`. ${asLink}`,
  resolve: linkedAsset,
} as const;
