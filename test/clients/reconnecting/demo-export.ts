/** An export that the emulator accepts. */
import { demo } from '../../../src/emulator/demo.ts';

export const demoExport = {
  exportAssetToSignedUrl: { dataSetId: demo.dataSetId, revisionId: demo.revisionId, assetId: demo.assetId },
};
