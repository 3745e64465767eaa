/** The operations on tags (Data Exchange API reference). Unlike all others they write `tags` in lower case. */
import { z } from 'zod';
import { type Answer, emptyAnswer, jsonAnswer } from '../answer.ts';
import type { Call } from './call.ts';
import { type Catalog, type DataSet, type Revision, revisionOf } from './catalog.ts';
import type { CatalogStores } from './catalog-operations.ts';
import { invalid } from './errors.ts';
import { bodyBy, jsonFrom } from './request-body.ts';
import { tagsForm } from './tags.ts';

const newTags = z.object({ tags: tagsForm });

export function listTagsForResource(call: Call, { catalog }: CatalogStores): Answer {
  return jsonAnswer(200, { tags: taggedBy(call, catalog).tags });
}

/** Also refuses more tags than a resource may have in all. */
export function tagResource(call: Call, { catalog }: CatalogStores): Answer {
  const { tags } = bodyBy(newTags, jsonFrom(call.body));
  const resource = taggedBy(call, catalog);
  resource.tags = bodyBy(newTags, { tags: { ...resource.tags, ...tags } }).tags;
  return emptyAnswer(204);
}

export function untagResource(call: Call, { catalog }: CatalogStores): Answer {
  const removed = call.query.getAll('tagKeys');
  if (removed.length === 0) throw invalid('tagKeys: is required');
  const resource = taggedBy(call, catalog);
  resource.tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !removed.includes(key)));
  return emptyAnswer(204);
}

/** The owned data set, or its revision, that the path names by its ARN. */
function taggedBy(call: Call, catalog: Catalog): DataSet | Revision {
  const arn = call.labels['ResourceArn'] ?? '';
  const [, dataSetId, revisionId] = /:data-sets\/([A-Za-z0-9]+)(?:\/revisions\/([A-Za-z0-9]+))?$/.exec(arn) ?? [];
  if (dataSetId === undefined) throw invalid('ResourceArn: is not that of a data set or a revision');
  const dataSet = catalog.ownedDataSet(dataSetId);
  const resource = revisionId === undefined ? dataSet : revisionOf(dataSet, revisionId);
  if (resource.arn !== arn) throw invalid('ResourceArn: is of another account or region');
  return resource;
}
