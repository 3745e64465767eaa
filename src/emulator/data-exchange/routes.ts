/** Finds the operation for a method and path (Data Exchange API reference). */
import { percentDecoded } from '../percent-encoding.ts';

const dataSets = '/v1/data-sets';
const revisions = `${dataSets}/{DataSetId}/revisions`;
const assets = `${revisions}/{RevisionId}/assets`;

const routes = {
  CreateJob: ['POST', '/v1/jobs'],
  ListJobs: ['GET', '/v1/jobs'],
  GetJob: ['GET', '/v1/jobs/{JobId}'],
  StartJob: ['PATCH', '/v1/jobs/{JobId}'],
  CancelJob: ['DELETE', '/v1/jobs/{JobId}'],
  ListDataSets: ['GET', dataSets],
  CreateDataSet: ['POST', dataSets],
  GetDataSet: ['GET', `${dataSets}/{DataSetId}`],
  UpdateDataSet: ['PATCH', `${dataSets}/{DataSetId}`],
  ListDataSetRevisions: ['GET', revisions],
  CreateRevision: ['POST', revisions],
  GetRevision: ['GET', `${revisions}/{RevisionId}`],
  UpdateRevision: ['PATCH', `${revisions}/{RevisionId}`],
  ListRevisionAssets: ['GET', assets],
  GetAsset: ['GET', `${assets}/{AssetId}`],
  ListTagsForResource: ['GET', '/tags/{ResourceArn}'],
  TagResource: ['POST', '/tags/{ResourceArn}'],
  UntagResource: ['DELETE', '/tags/{ResourceArn}'],
} as const;

export type Operation = keyof typeof routes;

export interface Route {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

const table = Object.entries(routes).map(([operation, [method, pattern]]) => ({
  operation: operation as Operation,
  method,
  parts: pattern.split('/'),
}));

export const operations = table.map(({ operation }) => operation);

export function routeOf(method: string, path: string): Route | undefined {
  const segments = path.split('/');
  for (const { operation, method: routeMethod, parts } of table) {
    const labels = routeMethod === method ? labelsOf(parts, segments) : undefined;
    if (labels !== undefined) return { operation, labels };
  }
  return undefined;
}

/** Undefined if the path does not match. */
function labelsOf(parts: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const value = percentDecoded(segments[index] ?? '');
    if (value === undefined) return undefined;
    if (part.startsWith('{')) labels[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
  }
  return labels;
}
