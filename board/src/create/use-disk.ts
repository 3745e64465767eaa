/** What the forms about an Import/Export job show of it. */
import { useEffect, useState } from 'preact/hooks';
import { type Answer, request } from '../gateway.ts';
import type { Viewer } from '../viewer.ts';

export interface Disk {
  readonly awsJobId: string;
  readonly direction: 'IMPORT' | 'EXPORT';
  readonly availableActions: readonly string[];
  readonly manifest?: string | null;
}

type Read = Answer<{ readonly job: Partial<Disk> | null }>;

/** Undefined until the job is read; null if there is none of this service. */
export function useDisk(id: string, { mayReadSecrets }: Viewer): Disk | null | undefined {
  const [answer, setAnswer] = useState<Read | undefined>();
  useEffect(() => {
    const document = `query Disk($id: ID!) {
  job(id: $id) { awsJobId availableActions ... on ImportExportJob { direction ${mayReadSecrets ? 'manifest' : ''} } }
}`;
    request<NonNullable<Read['data']>>(document, { id }).then(setAnswer, () => setAnswer({}));
  }, [id]);
  if (answer === undefined) return undefined;
  const { awsJobId, direction, availableActions, manifest = null } = answer.data?.job ?? {};
  if (awsJobId === undefined || direction === undefined || availableActions === undefined) return null;
  return { awsJobId, direction, availableActions, manifest };
}
