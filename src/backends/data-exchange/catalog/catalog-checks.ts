/** Checks new data sets and revisions before they are sent, since the SDK checks nothing. */

import { assetTypes, type KnownAssetType, type NewDataSet, type NewRevision } from '../../../model/catalog.ts';
import type { InputFault } from '../../../model/input-fault.ts';
import { sizes, textSize } from '../../../model/job-input-sizes.ts';
import { faultsIn, maybe, object, oneOf } from '../../input/checks.ts';
import { noControlCharacters, text } from '../../input/text-checks.ts';
import { awsId } from '../constraints.ts';

const dataSetRules = object({
  assetType: oneOf(...assetTypes),
  description: text({ size: sizes.dataSetDescription }),
  name: text({ size: { ...textSize, min: 1 }, isBlankMissing: true, characters: [noControlCharacters] }),
});

const revisionRules = object({
  comment: maybe(text({ size: sizes.revisionComment })),
  dataSetId: awsId,
});

/** The asset type of a checked request, by the service's name. */
export function assetTypeOf({ assetType }: NewDataSet): KnownAssetType | undefined {
  return assetTypes.find((known) => known === assetType);
}

/** All faults of a new data set that can be seen before it is sent. */
export function faultsInDataSet(request: NewDataSet): readonly InputFault[] {
  return faultsIn(dataSetRules, request);
}

/** The same for a revision. */
export function faultsInRevision(request: NewRevision): readonly InputFault[] {
  return faultsIn(revisionRules, request);
}
