/** Who is looking at what: the gateway's backend, and what the person may do. */
import { type Answer, ask } from './gateway.ts';
import { graphql, type ResultOf } from './graphql.ts';

const viewerDocument = graphql(`query Viewer { gateway { backend region version scopes } }`);

export type Gateway = ResultOf<typeof viewerDocument>['gateway'];

export interface Viewer {
  readonly gateway: Gateway;
  readonly mayReadJobs: boolean;
  readonly mayWrite: boolean;
  readonly mayReadCatalog: boolean;
  readonly mayPublish: boolean;
  /** Download links, artifacts and addresses. */
  readonly mayReadSecrets: boolean;
}

/** The viewer, or why there is none. */
export async function readViewer(): Promise<Viewer | Answer<unknown>> {
  const answer = await ask(viewerDocument, {});
  const gateway = answer.data?.gateway;
  if (!gateway) return answer;
  const may = (scope: string): boolean => gateway.scopes.includes(scope);
  return {
    gateway,
    mayReadJobs: may('jobs:read'),
    mayWrite: may('jobs:read') && may('jobs:write'),
    mayReadCatalog: may('catalog:read'),
    mayPublish: may('catalog:read') && may('catalog:write'),
    mayReadSecrets: may('jobs:read') && may('jobs:secrets'),
  };
}
