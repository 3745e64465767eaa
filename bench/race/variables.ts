/** The variables of the race's operations, for Waybill and most peers, and in the form that Hive Gateway needs. */
import type { SeededJob } from '../harness/emulator-control.ts';
import { uniqueMark } from '../requests/load.ts';

export type Variables =
  | Readonly<Record<string, never>>
  | { readonly id: string }
  | { readonly ids: readonly string[] }
  | { readonly first: number; readonly service?: SeededJob['service'] }
  | { readonly input: CreateInput };

interface CreateInput {
  readonly idempotencyKey: string;
  readonly details: {
    readonly exportAssetsToS3: {
      readonly dataSetId: string;
      readonly revisionId: string;
      readonly destinations: readonly { readonly assetId: string; readonly bucket: string; readonly key: string }[];
    };
  };
}

/** Uses names that every emulator has. No two requests create equal jobs. */
export const create: Variables = {
  input: {
    idempotencyKey: `race-${uniqueMark}-created-once`,
    details: {
      exportAssetsToS3: {
        dataSetId: 'da7a0000000000000000000000000001',
        revisionId: 'de710000000000000000000000000001',
        destinations: [
          {
            assetId: 'a55e7000000000000000000000000001',
            bucket: 'waybill-demo-target',
            key: `race/${uniqueMark}.csv`,
          },
        ],
      },
    },
  },
};

/** `count` ids drawn evenly from `ids`. The sequence is the same in every run, so that runs are comparable. */
export function drawn(ids: readonly string[], count: number): readonly Variables[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    // The Park-Miller generator.
    state = (state * 48_271) % 2_147_483_647;
    return { id: ids[state % ids.length] ?? '' };
  });
}

/** Peers have no store for idempotency keys. */
export function withoutKey(variables: Variables): object {
  if (!('input' in variables)) return variables;
  const { idempotencyKey: _, ...input } = variables.input;
  return { input };
}

export function forHive(variables: Variables): object {
  if ('id' in variables) return { id: awsJobIdOf(variables.id) };
  if ('first' in variables) return { first: variables.first };
  if (!('input' in variables)) return variables;
  const { dataSetId, revisionId, destinations } = variables.input.details.exportAssetsToS3;
  const AssetDestinations = destinations.map(({ assetId, bucket, key }) => ({
    AssetId: assetId,
    Bucket: bucket,
    Key: key,
  }));
  const ExportAssetsToS3 = { DataSetId: dataSetId, RevisionId: revisionId, AssetDestinations };
  return { input: { Type: 'EXPORT_ASSETS_TO_S3', Details: { ExportAssetsToS3 } } };
}

function awsJobIdOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';
}
