/** The part of Waybill's schema that the race's documents use. */
export const typeDefs = `
  scalar DateTime

  enum JobService { DATA_EXCHANGE IMPORT_EXPORT }
  enum JobState { WAITING IN_PROGRESS COMPLETED FAILED CANCELLED TIMED_OUT }
  enum DataExchangeJobType {
    CREATE_S3_DATA_ACCESS_FROM_S3_BUCKET
    EXPORT_ASSETS_TO_S3
    EXPORT_ASSET_TO_SIGNED_URL
    EXPORT_REVISIONS_TO_S3
    IMPORT_ASSETS_FROM_LAKE_FORMATION_TAG_POLICY
    IMPORT_ASSETS_FROM_REDSHIFT_DATA_SHARES
    IMPORT_ASSETS_FROM_S3
    IMPORT_ASSET_FROM_API_GATEWAY_API
    IMPORT_ASSET_FROM_SIGNED_URL
  }

  interface Node { id: ID! }

  interface Job implements Node {
    id: ID!
    awsJobId: String!
    service: JobService!
    createdAt: DateTime!
  }

  type DataExchangeJob implements Job & Node {
    id: ID!
    awsJobId: String!
    service: JobService!
    createdAt: DateTime!
    arn: String
    state: JobState!
    stateCode: String!
    type: DataExchangeJobType!
    typeCode: String!
    updatedAt: DateTime!
  }

  type ImportExportJob implements Job & Node {
    id: ID!
    awsJobId: String!
    service: JobService!
    createdAt: DateTime!
  }

  type JobConnection { nodes: [Job]! }
  input JobFilter { service: JobService }

  input AssetDestinationInput { assetId: String!, bucket: String!, key: String }
  input ExportAssetsToS3Input { dataSetId: String!, revisionId: String!, destinations: [AssetDestinationInput!]! }
  input DataExchangeJobDetailsInput { exportAssetsToS3: ExportAssetsToS3Input }
  input CreateDataExchangeJobInput { details: DataExchangeJobDetailsInput!, idempotencyKey: String }
  type UserError { message: String! }
  type CreateDataExchangeJobPayload { job: DataExchangeJob, userErrors: [UserError!]! }

  type Query {
    job(id: ID!): Job
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    jobs(first: Int! = 20, filter: JobFilter): JobConnection!
  }

  type Mutation { createDataExchangeJob(input: CreateDataExchangeJobInput!): CreateDataExchangeJobPayload! }
`;
