/** The documents of the race by operation name; the same for every contender except Hive Gateway. */
const jobFields = `id awsJobId service createdAt ... on DataExchangeJob { arn state stateCode type typeCode updatedAt }`;

export const documents = {
  Typename: 'query Typename { __typename }',
  OneJob: `query OneJob($id: ID!) { job(id: $id) { ${jobFields} } }`,
  Page: `query Page($first: Int!, $service: JobService!) {
    jobs(first: $first, filter: { service: $service }) { nodes { ${jobFields} } }
  }`,
  Nodes: `query Nodes($ids: [ID!]!) { nodes(ids: $ids) { ... on Job { ${jobFields} } } }`,
  Create: `mutation Create($input: CreateDataExchangeJobInput!) {
    createDataExchangeJob(input: $input) {
      job { id awsJobId service createdAt arn state stateCode type typeCode updatedAt }
      userErrors { message }
    }
  }`,
  BothServices: 'query BothServices($first: Int!) { jobs(first: $first) { nodes { id awsJobId service createdAt } } }',
} as const;

export type OperationName = keyof typeof documents;

/** The ten fields under the service's own names, since Hive Gateway serves its REST API; only the value of `service` differs. */
const hiveFields = `id: Id awsJobId: Id service: __typename createdAt: CreatedAt
  arn: Arn state: State stateCode: State type: Type typeCode: Type updatedAt: UpdatedAt`;

/** The operations that Hive Gateway supports. The others need a list of ids, or Import/Export's XML. */
export const hiveDocuments: Readonly<Partial<Record<OperationName, string>>> = {
  Typename: documents.Typename,
  OneJob: `query OneJob($id: String!) { job(id: $id) { ${hiveFields} } }`,
  Page: `query Page($first: Int!) { jobs(first: $first) { nodes: Jobs { ${hiveFields} } } }`,
  Create: `mutation Create($input: CreateJob_Input) { createDataExchangeJob: createJob(input: $input) { ${hiveFields} } }`,
};
