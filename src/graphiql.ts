/** What a browser finds at `/graphql`: GraphiQL with examples that can be run as they are, over the emulator's demo data. */
import type { GraphiQLOptions } from 'graphql-yoga';
import { demo } from './backends/emulator/demo.ts';

const board = `# The newest jobs of both services on one board. Press the play button.
query Board {
  jobs(first: 10) {
    nodes {
      id
      service
      state
      statusMessage
      availableActions
      createdAt
      ... on ImportExportJob { direction device { location } }
      ... on DataExchangeJob { type details { dataSetId } }
    }
    pageInfo { endCursor hasNextPage }
  }
}
`;

const activity = `# Everything that happens, as it happens. Run it, then create a job in a second browser tab.
subscription Activity {
  jobActivity {
    observedAt
    previousState
    state
    job { id service statusMessage }
    cursor
  }
}
`;

const createDataExchangeJob = `# Copies an object from S3 into a revision, and starts at once.
mutation CreateDataExchangeJob {
  createDataExchangeJob(
    input: {
      start: true
      details: {
        importAssetsFromS3: {
          dataSetId: "${demo.dataSetId}"
          revisionId: "${demo.revisionId}"
          sources: [{ bucket: "${demo.bucket}", key: "prices/2024/03.csv" }]
        }
      }
    }
  ) {
    job { id state type }
    userErrors { code message field awsCode }
  }
}
`;

const createImportExportJob = `# Announces a disk that will come by post. The emulator's post is quick.
mutation CreateImportExportJob {
  createImportExportJob(
    input: {
      manifest: {
        importToS3: {
          deviceId: "DISK-0001"
          bucket: "${demo.bucket}"
          returnAddress: {
            name: "Jane Roe"
            street1: "123 Any Street"
            city: "Anytown"
            stateOrProvince: "WA"
            postalCode: "91011-1111"
            phoneNumber: "206-555-1111"
            country: "USA"
          }
        }
      }
    }
  ) {
    job { id awsJobId state signature { fileContents } }
    warning
    userErrors { code message field awsCode }
  }
}
`;

const watch = `# The present state of the jobs named in the variables, then each change, until all are finished.
subscription Watch($ids: [ID!]!) {
  jobStateChanged(ids: $ids) {
    previousState
    state
    observedAt
    job {
      id
      statusMessage
      ... on ImportExportJob { device { location returnShipment { carrier trackingNumber } } }
    }
    cursor
  }
}
`;

export const graphiqlOptions: GraphiQLOptions = {
  title: 'Waybill',
  subscriptionsProtocol: 'WS',
  defaultQuery: board,
  defaultTabs: [
    { query: board },
    { query: activity },
    { query: createDataExchangeJob },
    { query: createImportExportJob },
    { query: watch, variables: JSON.stringify({ ids: ['paste the id of a job here'] }, null, 2) },
  ],
};
