/** The documents of a store of jobs. */

/** The fields that a store needs of each job. */
const ownFields = '__typename id state createdAt';

/** What `fields` is by default: what a table of jobs shows. */
export const defaultFields = 'awsJobId service isFinished finishedAt statusMessage';

export function listDocument(fields: string): string {
  return `query WaybillJobs($first: Int!, $after: String, $filter: JobFilter) {
  jobs(first: $first, after: $after, filter: $filter) {
    activityCursor
    nodes { ${ownFields} ${fields} }
    pageInfo { hasNextPage endCursor }
    unavailableServices { service code message }
  }
}`;
}

function eventFields(fields: string): string {
  return `{
    __typename
    cursor
    ... on JobStateChange { job { ${ownFields} ${fields} } }
    ... on JobGone { id }
    ... on JobsStale { service ids }
    ... on JobsFresh { service ids }
  }`;
}

export function activityDocument(fields: string): string {
  return `subscription WaybillActivity($after: String, $filter: JobFilter) {
  jobActivity(after: $after, filter: $filter) ${eventFields(fields)}
}`;
}

export function statesDocument(fields: string): string {
  return `subscription WaybillStates($ids: [ID!]!, $after: String) {
  jobStateChanged(ids: $ids, after: $after) ${eventFields(fields)}
}`;
}
