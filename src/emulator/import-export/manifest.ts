/** A parsed manifest: the kind of job that it describes, and its fields. */
import { type ManifestMap, type ManifestNode, readManifest } from './manifest-reader.ts';

export type JobType = 'Import' | 'Export';

/** Import to S3, to EBS, to Glacier; export from S3. */
export type ManifestKind = 's3Import' | 'ebsImport' | 'glacierImport' | 's3Export';

export interface Manifest {
  /** As received; GetStatus returns it. */
  readonly text: string;
  readonly jobType: JobType;
  readonly kind: ManifestKind;
  readonly fields: ManifestMap;
  readonly operations: readonly ManifestMap[];
  readonly returnAddress: ManifestMap;
  readonly customs: ManifestMap | undefined;
}

/** Throws MalformedManifestException. */
export function manifestFrom(text: string, jobType: JobType): Manifest {
  const fields = readManifest(text);
  const operations = mapsIn(fields.get('operations'));
  return {
    text,
    jobType,
    kind: kindOf(jobType, fields, operations),
    fields,
    operations,
    // A manifest in the help of the AWS CLI leaves it empty, with its fields on the top level.
    returnAddress: mapIn(fields.get('returnAddress')) ?? fields,
    customs: mapIn(fields.get('customs')),
  };
}

/** The value of a field; undefined if it is absent, empty, or not plain text. */
export function fieldOf(map: ManifestMap, name: string): string | undefined {
  const value = map.get(name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The bucket of the log; an import to S3 has a default (Developer Guide, "Manifest file options"). */
export function logBucketOf({ fields }: Manifest): string {
  return fieldOf(fields, 'logBucket') ?? fieldOf(fields, 'bucket') ?? '';
}

export function logKeyOf({ fields, jobType }: Manifest, jobId: string): string {
  return `${fieldOf(fields, 'logPrefix') ?? ''}${jobType.toLowerCase()}-log-${jobId}`;
}

/** `destination` was on the top level in 2011 and in `operations` later. */
function kindOf(jobType: JobType, fields: ManifestMap, operations: readonly ManifestMap[]): ManifestKind {
  if (jobType === 'Export') return 's3Export';
  const destinations = [fields, ...operations].map((map) => fieldOf(map, 'destination'));
  if (destinations.includes('glacier')) return 'glacierImport';
  return fields.has('operations') ? 'ebsImport' : 's3Import';
}

function mapsIn(node: ManifestNode | undefined): readonly ManifestMap[] {
  if (node instanceof Map) return [node];
  return Array.isArray(node) ? node.filter((item) => item instanceof Map) : [];
}

function mapIn(node: ManifestNode | undefined): ManifestMap | undefined {
  return node instanceof Map ? node : undefined;
}
