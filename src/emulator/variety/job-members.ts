/** Leaves out or fills in details of a job, as the service may (Data Exchange API reference and User Guide). */
import type { Choices } from './choices.ts';

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function idOf(job: Members): string {
  return String(job['Id']);
}

/** The parameters are `DataSetId`, `RevisionId` and `AssetId`. */
export type AssetName = (dataSetId: string, revisionId: string, assetId: string) => string;

export interface JobVariety {
  readonly choices: Choices;
  readonly assetName: AssetName;
  /** Identifies the job, so that it has the same form in all responses. */
  readonly number: number;
}

export function variedJob(job: Members, { choices, assetName, number }: JobVariety): Members {
  const isChosen = (share: number, what: string) => choices.isChosen(share, what, number);
  return {
    ...job,
    // Whether a healthy job has no `Errors` or an empty list is unknown.
    ...(!('Errors' in job) && isChosen(0.5, 'errors') && { Errors: [] }),
    Details: isMembers(job['Details']) ? variedDetails(job['Details'], { isChosen, assetName }) : job['Details'],
  };
}

interface Varying {
  readonly isChosen: (share: number, what: string) => boolean;
  readonly assetName: AssetName;
}

function variedDetails(details: Members, varying: Varying): Members {
  return Object.fromEntries(
    Object.entries(details).map(([type, members]) => [
      type,
      isMembers(members) ? (variations[type]?.(members, varying) ?? members) : members,
    ]),
  );
}

const variations: Readonly<Record<string, (members: Members, varying: Varying) => Members>> = {
  /** `Md5Hash` is optional in the model's replies. */
  ImportAssetFromSignedUrl: (members, { isChosen }) =>
    isChosen(0.5, 'Md5Hash') ? without(members, ['Md5Hash']) : members,

  /** The User Guide's samples of an API have only the other members. */
  ImportAssetFromApiGatewayApi: (members, { isChosen }) =>
    isChosen(0.5, 'api') ? without(members, absentFromSample) : members,

  /** Without a `Key` the object's key is the asset's name (API reference, `AssetDestinationEntry`). */
  ExportAssetsToS3: (members, { isChosen, assetName }) => {
    if (!isChosen(0.5, 'Key')) return members;
    const { DataSetId, RevisionId } = members;
    const nameOf = ({ AssetId }: Members) => assetName(String(DataSetId), String(RevisionId), String(AssetId));
    return filled(members, 'AssetDestinations', (destination) => ({ Key: nameOf(destination), ...destination }));
  },

  /** The default pattern (User Guide, "Key patterns"). */
  ExportRevisionsToS3: (members, { isChosen }) =>
    isChosen(0.5, 'KeyPattern')
      ? filled(members, 'RevisionDestinations', (destination) => ({ KeyPattern: `\${Asset.Name}`, ...destination }))
      : members,

  /** An empty list means the same as none. */
  CreateS3DataAccessFromS3Bucket: (members, { isChosen }) =>
    isChosen(0.5, 'lists') && isMembers(members['AssetSource'])
      ? { ...members, AssetSource: { KeyPrefixes: [], Keys: [], KmsKeysToGrant: [], ...members['AssetSource'] } }
      : members,
};

function filled(members: Members, list: string, fill: (item: Members) => Members): Members {
  const items = members[list];
  return Array.isArray(items) ? { ...members, [list]: items.filter(isMembers).map(fill) } : members;
}

const absentFromSample = [
  'ApiName',
  'ApiDescription',
  'ApiKey',
  'ApiSpecificationMd5Hash',
  'ApiSpecificationUploadUrl',
  'ApiSpecificationUploadUrlExpiresAt',
];

function without(members: Members, names: readonly string[]): Members {
  return Object.fromEntries(Object.entries(members).filter(([name]) => !names.includes(name)));
}
