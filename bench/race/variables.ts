/** The variables of the race's operations, as Waybill and its peers take them and as Hive Gateway does. */
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

/** Names that every emulator has. No two requests create equal jobs. */
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

/** So many ids of `ids`, drawn evenly and each time alike, for runs must be comparable. */
export function drawn(ids: readonly string[], count: number): readonly Variables[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    // The generator of Park and Miller.
    state = (state * 48_271) % 2_147_483_647;
    return { id: ids[state % ids.length] ?? '' };
  });
}

/** Peers have no store to keep a key in. */
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
