/** What the forms about an Import/Export job show of it. */
import { useEffect, useState } from 'preact/hooks';
import { type Answer, request } from '../gateway.ts';
import { graphql, type ResultOf } from '../graphql.ts';
import type { Viewer } from '../viewer.ts';

const diskDocument = graphql(`query Disk($id: ID!, $secrets: Boolean!) {
  job(id: $id) {
    __typename awsJobId availableActions
    ... on ImportExportJob { direction manifest @include(if: $secrets) }
  }
}`);

type Read = ResultOf<typeof diskDocument>;
export type Disk = Extract<Read['job'], { readonly __typename: 'ImportExportJob' }>;

/** Undefined until the job is read; null if there is none of this service. */
export function useDisk(id: string, { mayReadSecrets }: Viewer): Disk | null | undefined {
  const [answer, setAnswer] = useState<Answer<Read> | undefined>();
  useEffect(() => {
    request(diskDocument, { id, secrets: mayReadSecrets }).then(setAnswer, () => setAnswer({}));
  }, [id]);
  if (answer === undefined) return undefined;
  const job = answer.data?.job;
  return job?.__typename === 'ImportExportJob' ? job : null;
}
